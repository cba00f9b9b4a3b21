import { no } from '../capability.ts';
import type { Policy } from '../policy.ts';

/** What this driver does not do yet: a snapshot that asks for it is refused. */
export const unhonoured: Policy = {
  capabilities: [
    no('api route.match'),
    no('api route.listeners', 'every listener serves every API'),
    no('api deprecation', 'no Deprecation or Sunset headers are sent'),
    ...[
      'request',
      'retries',
      'cors',
      'headers',
      'ip',
      'cache',
      'maintenance',
      'threatProtection',
      'accessLog',
      'allow',
      'circuitBreaker',
      'loadBalancing',
      'canary',
      'mirror',
      'rewrite',
      'redirects',
      'compression',
      'errors',
    ].map((group) => no(`api policy.${group}`)),
  ],
  contribute: () => ({}),
};

import { no } from '../capability.ts';
import type { Policy } from '../policy.ts';

/** What this driver does not do yet: a snapshot that asks for it is refused. */
export const unhonoured: Policy = {
  capabilities: [
    ...['retries', 'circuitBreaker', 'loadBalancing', 'canary', 'mirror'].map((group) => no(`api policy.${group}`)),
  ],
  contribute: () => ({}),
};

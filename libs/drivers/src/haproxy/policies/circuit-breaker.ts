import { native, no } from '../capability.ts';
import type { Policy } from '../policy.ts';

/** When a target is spared. What is done stands in its `server` line, see `pools/health.ts`. */
export const circuitBreaker: Policy = {
  capabilities: [
    native('api policy.circuitBreaker.failures', '`error-limit` of each target: failures in a row'),
    native(
      'api policy.circuitBreaker.on',
      '`connect-failure`: `observe layer4`; `5xx`: `observe layer7`, where a refused connection (503) and a time-out (504) are such answers, and 501 and 505 are not',
    ),
    no(
      'api policy.circuitBreaker.on=timeout',
      'a time-out is counted with `5xx`, as the 504 that the caller gets, and not by itself',
    ),
    no('api policy.circuitBreaker.on=429', '`observe` does not count 429 as a failure'),
    native(
      'api policy.circuitBreaker.openForMs',
      '`on-error mark-down`, back after a connection at half and one at all of that time; beside a health check only a time that fits it',
    ),
  ],
  check({ policy: { circuitBreaker: wanted } }, on) {
    if (wanted === undefined) return;
    on.count(wanted.failures, 'policy.circuitBreaker.failures');
    on.time(wanted.openForMs, 'policy.circuitBreaker.openForMs');
  },
  contribute: () => ({}),
};

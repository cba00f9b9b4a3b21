import { no } from '../capability.ts';
import type { Policy } from '../policy.ts';

/** HAProxy has no means of its own; a copy sent by a script is lost under load, and one whose answer is slow holds a worker. */
export const mirror: Policy = {
  capabilities: [
    no('api policy.mirror', 'HAProxy copies no calls; a script in it lost a third of the copies under load, unseen'),
  ],
  contribute: () => ({}),
};

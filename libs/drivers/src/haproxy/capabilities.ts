import type { Capability } from '../driver.ts';
import { elsewhere, native } from './capability.ts';
import { listenerCapabilities } from './listeners.ts';
import { policies } from './policies/index.ts';
import { poolCapabilities } from './pools/index.ts';

/** A row for every field of the units that an API, a plan or a consumer is made of; a spec compares it with the schemas. */
export const capabilities: readonly Capability[] = [
  native('api route.hosts', 'a map keyed by host and path: the host, then `*.` for its first label, then any'),
  native('api route.match', 'keys of the same map with a mark for each set of conditions; the most conditions first'),
  native(
    'api route.basePath',
    'longest match (`map_beg`) on segment borders; 400 where the normalised path leads to another API',
  ),
  ...poolCapabilities,
  ...policies.flatMap((policy) => policy.capabilities),
  elsewhere('gateway address', 'shown to people'),
  ...listenerCapabilities,
];

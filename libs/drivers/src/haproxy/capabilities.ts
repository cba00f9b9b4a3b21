import type { Capability } from '../driver.ts';
import { elsewhere, native } from './capability.ts';
import { listenerCapabilities } from './listeners.ts';
import { policies } from './policies/index.ts';
import { poolCapabilities } from './pools.ts';

/** A row for every field of the units that an API, a plan or a consumer is made of; a spec compares it with the schemas. */
export const capabilities: readonly Capability[] = [
  native('api route.hosts', 'a map keyed by host and path; any host by the key `*`, tried last'),
  native(
    'api route.basePath',
    'longest match (`map_beg`) on segment borders; 400 where the normalised path leads to another API',
  ),
  ...poolCapabilities,
  ...policies.flatMap((policy) => policy.capabilities),
  elsewhere('gateway address', 'shown to people'),
  ...listenerCapabilities,
];

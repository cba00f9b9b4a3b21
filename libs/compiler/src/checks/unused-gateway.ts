import { MAX_ALIKE, type WorkspaceCheck } from './check.ts';
import { named, told } from './unused.ts';

/** A gateway that no environment is served by. */
export const unusedGateway: WorkspaceCheck = {
  needsAll: true,
  run({ index }) {
    const names = named(index, 'Gateway', ['Environment']);
    const idle = index.all('Gateway').filter(({ resource }) => !names.has(resource.name));
    const hint = 'Name it under `spec.gateways` of an Environment, or delete it.';
    return idle.slice(0, MAX_ALIKE).map((each) => told('unused-gateway', each, 'serves no environment', hint));
  },
};

import type { PolicyResource } from '@gitway/resources';
import { MAX_ALIKE, type WorkspaceCheck } from './check.ts';
import { named, patched, selects, told } from './unused.ts';

/** A policy that protects nothing, though somebody may think that it does. */
export const unusedPolicy: WorkspaceCheck = {
  needsAll: true,
  run({ index }) {
    const policies = index.all('Policy');
    if (policies.length === 0 || patched(index, 'Policy', 'selector', 'default')) return [];
    const names = named(index, 'Policy', ['Api', 'Environment']);
    const idle = policies.filter(({ resource }) => {
      const spec = resource.value.spec as PolicyResource['spec'];
      const labels = spec.default === true ? {} : spec.selector?.labels;
      return !names.has(resource.name) && !selects(index, labels);
    });
    const hint = 'Name it under `spec.policies` of an Api, mend its selector, or delete it.';
    return idle.slice(0, MAX_ALIKE).map((each) => told('unused-policy', each, 'is attached to no API', hint));
  },
};

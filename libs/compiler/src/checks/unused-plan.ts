import type { ConsumerResource, PlanResource } from '@gitway/resources';
import { MAX_ALIKE, type WorkspaceCheck } from './check.ts';
import { named, patched, selects, told } from './unused.ts';

/** A plan that opens no API. */
export const unusedPlan: WorkspaceCheck = {
  needsAll: true,
  run({ index }) {
    const plans = index.all('Plan');
    if (plans.length === 0 || patched(index, 'Plan', 'apis')) return [];
    const names = named(index, 'Plan', ['Api', 'Environment']);
    const subscribers = new Map<string, number>();
    for (const { resource } of index.all('Consumer')) {
      for (const plan of (resource.value.spec as ConsumerResource['spec']).plans ?? []) {
        subscribers.set(plan, (subscribers.get(plan) ?? 0) + 1);
      }
    }
    const hint = 'Name it under `spec.plans` of an Api, or the APIs under `spec.apis` of the plan, or delete it.';
    const idle = plans.filter(({ resource }) => {
      const { apis } = resource.value.spec as PlanResource['spec'];
      return !names.has(resource.name) && (apis?.names ?? []).length === 0 && !selects(index, apis?.selector?.labels);
    });
    return idle.slice(0, MAX_ALIKE).map((each) => {
      const count = subscribers.get(each.resource.name) ?? 0;
      const who = count === 0 ? '' : ` to the ${count} consumer${count === 1 ? '' : 's'} that subscribed`;
      return told('unused-plan', each, `opens no API${who}`, hint);
    });
  },
};

import type { ConsumerResource } from '@gitway/resources';
import { finding } from '../findings.ts';
import { MAX_ALIKE, type EnvironmentCheck } from './check.ts';

/** A consumer whose key opens no API of the environment, since every API that asks for one demands a plan it has not. */
export const consumerReachesNothing: EnvironmentCheck = {
  needsAll: true,
  run({ environment, apis, consumers }) {
    if (consumers.length === 0) return [];
    const guarded = apis.filter(({ unit }) => unit.policy.auth.kind !== 'none');
    if (guarded.length === 0 || guarded.some(({ unit }) => unit.plans.length === 0)) return [];
    const opening = new Set(guarded.flatMap(({ unit }) => unit.plans));
    return consumers
      .filter(({ spec }) => {
        const { plans = [], suspended } = (spec ?? {}) as ConsumerResource['spec'];
        return spec !== null && suspended !== true && !plans.some((plan) => opening.has(plan));
      })
      .slice(0, MAX_ALIKE)
      .map(({ resource, spec, placeOf }) => {
        const some = ((spec as ConsumerResource['spec']).plans ?? []).length > 0;
        const why = some ? 'none of its plans opens one' : 'every API demands a plan and it has none';
        const message = `Consumer \`${resource.name}\` can call no API of environment \`${environment.resource.name}\`: ${why}.`;
        const known = [...opening].sort().slice(0, 10);
        const hint = `Subscribe it to one of the plans that open something: ${known.map((plan) => `\`${plan}\``).join(', ')}.`;
        const place = some ? placeOf(['spec', 'plans'], 'key') : placeOf(['metadata', 'name']);
        return finding('consumer-reaches-nothing', 'warning', place, message, hint);
      });
  },
};

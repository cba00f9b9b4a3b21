import { finding } from '../findings.ts';
import { MAX_ALIKE, type EnvironmentCheck } from './check.ts';

/** A plan that sets no limit of any kind: its subscribers are held by nothing but the APIs' own limits. */
export const planWithoutLimit: EnvironmentCheck = {
  needsAll: false,
  run({ plans }) {
    return plans
      .filter(({ spec }) => spec !== null && limits.every((field) => spec[field] === undefined || spec[field] === null))
      .slice(0, MAX_ALIKE)
      .map(({ resource, placeOf }) => {
        const message = `Plan \`${resource.name}\` limits nothing.`;
        const hint = 'Set `spec.rateLimit`.';
        return finding('plan-without-limit', 'warning', placeOf(['metadata', 'name']), message, hint);
      });
  },
};

const limits = ['rateLimit', 'rateLimits', 'quota', 'quotas'];

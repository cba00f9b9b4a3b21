import { formatDuration, type ApiUnit, type RateLimit } from '@gitway/contracts';
import { describeLimits, either } from '@gitway/plan';

/** Null where nothing limits. */
export const describeRateLimits = (limits: readonly RateLimit[]): string | null =>
  limits.length === 0 ? null : describeLimits(limits, String);

export function describeTimeouts({ connectMs, requestMs }: ApiUnit['policy']['timeouts']): string {
  return `connect within ${formatDuration(connectMs)}, answer within ${formatDuration(requestMs)}`;
}

/** Whom the gateway lets in: to all of the API, or to one operation. */
export function describeOpening(
  { policy, plans, planOperations = {} }: Pick<ApiUnit, 'policy' | 'plans' | 'planOperations'>,
  operation?: string,
): string {
  if (policy.auth.kind === 'none') return 'everybody';
  if (plans.length === 0) return 'any consumer with a key';
  const opening =
    operation === undefined
      ? plans
      : plans.filter((plan) => !Object.hasOwn(planOperations, plan) || planOperations[plan]!.includes(operation));
  return opening.length === 0 ? 'nobody' : `consumers of plan ${either(opening)}`;
}

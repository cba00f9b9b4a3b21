import type { EffectivePolicy, OperationPolicy, Quota, RateLimit } from '@gitway/contracts';
import {
  operationPolicySchema,
  plainForm,
  policyFieldsSchema,
  type AuthSpec,
  type PolicyFields,
  type QuotaSpec,
  type RateLimitSpec,
} from '@gitway/resources';
import { compare } from '../../findings.ts';
import { banDefaults, groupDefaults, redirectDefaults, timeoutDefaults, wafDefaults } from './defaults.ts';
import { lowerAuth, operationAuth, type PemBlocks } from './lower-auth.ts';

/**
 * What holds where no policy says anything: closed unless somebody opens it. An API that everybody may call says
 * `auth: { anyOf: [none] }`, in a policy or by itself.
 */
const defaultAuth: AuthSpec = { anyOf: ['apiKey'] };

export interface LoweringContext {
  /** Name of the API: what callers are told where a realm is needed. */
  readonly api: string;
  /** Methods that its document declares. */
  readonly methods: readonly string[];
  readonly pem: PemBlocks;
}

/** An API's merged policy in the form of its unit, with every default filled in. */
export function lowerPolicy(merged: PolicyFields, context: LoweringContext): EffectivePolicy {
  const { auth = defaultAuth, operations, redirects, ...groups } = merged;
  const plain = plainForm(policyFieldsSchema, groups) as Record<string, Record<string, unknown>>;
  const policy: Record<string, unknown> = {
    auth: lowerAuth(auth, context.api, context.pem),
    rateLimits: rateLimitsOf(merged),
    timeouts: { ...timeoutDefaults, ...plain['timeout'] },
    ...lowerGroups(plain, context),
  };
  const quotas = quotasOf(merged);
  if (quotas.length > 0) policy['quotas'] = quotas;
  if (redirects != null && redirects.length > 0) {
    policy['redirects'] = redirects.map((redirect) => ({ ...redirectDefaults, ...redirect }));
  }
  const perOperation = Object.entries(operations ?? {}).sort(([a], [b]) => compare(a, b));
  if (perOperation.length > 0) {
    policy['operations'] = Object.fromEntries(
      perOperation.map(([id, fields]) => [id, lowerOperation(fields, merged, auth, context)]),
    );
  }
  return policy as EffectivePolicy;
}

type OperationFields = NonNullable<PolicyFields['operations']>[string];

function lowerOperation(
  fields: OperationFields,
  api: PolicyFields,
  apiAuth: AuthSpec,
  context: LoweringContext,
): OperationPolicy {
  const { auth, ...groups } = fields;
  const plain = plainForm(operationPolicySchema, groups) as Record<string, Record<string, unknown>>;
  const policy: Record<string, unknown> = lowerGroups(plain, context);
  if (auth !== undefined) policy['auth'] = lowerAuth(operationAuth(apiAuth, auth), context.api, context.pem);
  if (fields.rateLimit !== undefined || fields.rateLimits !== undefined) policy['rateLimits'] = rateLimitsOf(fields);
  if (fields.quota !== undefined || fields.quotas !== undefined) policy['quotas'] = quotasOf(fields);
  if (plain['timeout'] !== undefined) {
    const ofApi = plainForm(policyFieldsSchema, { timeout: api.timeout }) as { timeout?: object };
    policy['timeouts'] = { ...timeoutDefaults, ...ofApi.timeout, ...plain['timeout'] };
  }
  return policy;
}

const elsewhere = new Set(['timeout', 'rateLimit', 'rateLimits', 'quota', 'quotas']);

/** Groups with their defaults; one that is null or says nothing is left out. */
function lowerGroups(
  plain: Readonly<Record<string, Record<string, unknown> | null>>,
  { methods }: LoweringContext,
): Record<string, unknown> {
  const lowered: Record<string, unknown> = {};
  for (const [group, fields] of Object.entries(plain)) {
    if (fields === null || elsewhere.has(group)) continue;
    const filled: Record<string, unknown> = { ...groupDefaults[group], ...fields };
    if (group === 'cors') filled['methods'] ??= [...methods];
    if (group === 'threatProtection') {
      if (fields['waf'] !== undefined) filled['waf'] = { ...wafDefaults, ...(fields['waf'] as object) };
      if (fields['bans'] !== undefined) filled['bans'] = { ...banDefaults, ...(fields['bans'] as object) };
    }
    if (Object.keys(filled).length > 0) lowered[group] = filled;
  }
  return lowered;
}

const windows = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

type Limited = Pick<PolicyFields, 'rateLimit' | 'rateLimits' | 'quota' | 'quotas'>;

export function rateLimitsOf({ rateLimit, rateLimits }: Limited): RateLimit[] {
  return (rateLimits ?? (rateLimit == null ? [] : [rateLimit])).map((limit: RateLimitSpec) => ({
    requests: limit.requests,
    windowMs: windows[limit.per],
    by: limit.by ?? 'consumer',
    ...(limit.header === undefined ? {} : { header: limit.header.toLowerCase() }),
    ...(limit.burst === undefined ? {} : { burst: limit.burst }),
  }));
}

export function quotasOf({ quota, quotas }: Limited): Quota[] {
  return (quotas ?? (quota == null ? [] : [quota])).map((limit: QuotaSpec) => ({
    requests: limit.requests,
    per: limit.per,
    by: limit.by ?? 'consumer',
    ...(limit.header === undefined ? {} : { header: limit.header.toLowerCase() }),
  }));
}

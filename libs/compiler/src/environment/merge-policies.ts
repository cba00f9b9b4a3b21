import { parseDurationMs, type EffectivePolicy, type RateLimit } from '@gitway/contracts';
import type { PolicyFields, RateLimitSpec } from '@gitway/resources';

/**
 * What holds where no policy says anything: closed unless somebody opens it. An API that everybody may call says
 * `auth: { anyOf: [none] }`, in a policy or by itself.
 */
export const defaultPolicy = {
  auth: { kind: 'apiKey', header: 'x-api-key', bearer: false, query: null },
  rateLimit: null,
  timeouts: { connectMs: 5_000, requestMs: 30_000 },
} as const satisfies EffectivePolicy;

const windows = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Lays policies over the defaults, the last one winning. `auth` and `rateLimit` are taken whole, since half of one and
 * half of another would mean what nobody wrote; `timeout` is merged field by field; `rateLimit: null` takes one away.
 */
export function mergePolicies(layers: readonly PolicyFields[]): EffectivePolicy {
  let policy: EffectivePolicy = defaultPolicy;
  for (const layer of layers) {
    policy = {
      auth: layer.auth === undefined ? policy.auth : authOf(layer.auth),
      rateLimit:
        layer.rateLimit === undefined
          ? policy.rateLimit
          : layer.rateLimit === null
            ? null
            : rateLimitOf(layer.rateLimit),
      timeouts: {
        connectMs: durationMs(layer.timeout?.connect, policy.timeouts.connectMs),
        requestMs: durationMs(layer.timeout?.request, policy.timeouts.requestMs),
      },
    };
  }
  return policy;
}

export function rateLimitOf(limit: RateLimitSpec): RateLimit {
  return { requests: limit.requests, windowMs: windows[limit.per], by: limit.by ?? 'consumer' };
}

export function durationMs(text: string | undefined, otherwise: number): number {
  return (text === undefined ? null : parseDurationMs(text)) ?? otherwise;
}

function authOf(auth: NonNullable<PolicyFields['auth']>): EffectivePolicy['auth'] {
  if (auth.anyOf[0] === 'none') return { kind: 'none' };
  const { header = 'x-api-key', bearer = false, query = null } = auth.apiKey ?? {};
  return { kind: 'apiKey', header: header.toLowerCase(), bearer, query };
}

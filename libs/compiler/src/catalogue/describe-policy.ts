import { formatDuration, type ApiUnit, type AuthPolicy, type RateLimit } from '@gitway/contracts';

const windows: Readonly<Record<number, string>> = {
  1_000: 'second',
  60_000: 'minute',
  3_600_000: 'hour',
  86_400_000: 'day',
};
const counted = {
  consumer: 'each consumer',
  ip: 'each client address',
  api: 'everybody together',
  plan: 'each plan',
  header: 'each value of a header',
} as const;

export function describeAuth(auth: AuthPolicy): string {
  switch (auth.kind) {
    case 'none':
      return 'open to everybody';
    case 'apiKey': {
      const query = auth.query === null ? [] : [`query parameter ${auth.query}`];
      const places = [`header ${auth.header}`, ...(auth.bearer ? ['Authorization: Bearer'] : []), ...query];
      return `API key in ${either(places)}`;
    }
    case 'jwt':
      return `token of ${auth.issuer}${scopesOf(auth.scopes)}`;
    case 'basic':
      return 'user name and password';
    case 'mtls':
      return 'client certificate';
    case 'introspection':
      return `token that ${auth.url} knows${scopesOf(auth.scopes)}`;
    case 'forward':
      return `whoever ${auth.url} lets in`;
    case 'anyOf':
      return auth.methods.map(describeAuth).join('; or ');
    case 'allOf':
      return auth.methods.map(describeAuth).join('; and ');
  }
}

const scopesOf = (scopes: readonly string[] = []) => (scopes.length === 0 ? '' : ` with ${scopes.join(' and ')}`);

/** `600 calls a minute for each consumer`. */
function describeRateLimit({ requests, windowMs, by, header, burst }: RateLimit): string {
  const calls = requests === 1 ? '1 call' : `${requests} calls`;
  const window = windows[windowMs];
  const whose = header === undefined ? counted[by] : `each value of ${header}`;
  const extra = burst === undefined ? '' : `, ${burst} at once beyond`;
  return `${calls} ${window === undefined ? `in ${formatDuration(windowMs)}` : `a ${window}`} for ${whose}${extra}`;
}

/** Null where nothing limits. */
export const describeRateLimits = (limits: readonly RateLimit[]): string | null =>
  limits.length === 0 ? null : limits.map(describeRateLimit).join('; ');

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

const either = (words: readonly string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;

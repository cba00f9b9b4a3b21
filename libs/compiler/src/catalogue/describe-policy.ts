import { formatDuration, type ApiUnit, type AuthPolicy, type RateLimit } from '@gitway/contracts';

const windows: Readonly<Record<number, string>> = {
  1_000: 'second',
  60_000: 'minute',
  3_600_000: 'hour',
  86_400_000: 'day',
};
const counted = { consumer: 'each consumer', ip: 'each client address', api: 'everybody together' } as const;

export function describeAuth(auth: AuthPolicy): string {
  if (auth.kind === 'none') return 'open to everybody';
  const query = auth.query === null ? [] : [`query parameter ${auth.query}`];
  const places = [`header ${auth.header}`, ...(auth.bearer ? ['Authorization: Bearer'] : []), ...query];
  return `API key in ${either(places)}`;
}

/** `600 calls a minute for each consumer`. */
export function describeRateLimit({ requests, windowMs, by }: RateLimit): string {
  const calls = requests === 1 ? '1 call' : `${requests} calls`;
  const window = windows[windowMs];
  return `${calls} ${window === undefined ? `in ${formatDuration(windowMs)}` : `a ${window}`} for ${counted[by]}`;
}

export function describeTimeouts({ connectMs, requestMs }: ApiUnit['policy']['timeouts']): string {
  return `connect within ${formatDuration(connectMs)}, answer within ${formatDuration(requestMs)}`;
}

/** Whom the gateway lets in. */
export function describeOpening({ policy, plans }: Pick<ApiUnit, 'policy' | 'plans'>): string {
  if (policy.auth.kind === 'none') return 'everybody';
  if (plans.length === 0) return 'any consumer with a key';
  return `consumers of plan ${either(plans)}`;
}

const either = (words: readonly string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;

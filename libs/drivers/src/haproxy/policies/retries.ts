import type { EffectivePolicy } from '@gitway/contracts';
import { native, no } from '../capability.ts';
import type { Checker } from '../checker.ts';
import type { Policy } from '../policy.ts';
import { request, type Rule } from '../rule.ts';
import { safe } from '../syntax.ts';

type Retries = NonNullable<EffectivePolicy['retries']>;

const conditions: Readonly<Record<string, string>> = {
  'connect-failure': 'conn-failure',
  'no-answer': 'empty-response',
  timeout: 'response-timeout',
  '500': '500',
  '502': '502',
  '503': '503',
  '504': '504',
};

/**
 * What is tried again. HAProxy holds one list of conditions for a backend, and can be told of a request that it is not
 * to be tried again once it was sent. A connection that did not come about was never a request: it is tried again for
 * every method.
 */
export const retries: Policy = {
  capabilities: [
    native('api policy.retries.attempts', '`retries`, elsewhere first (`option redispatch`)'),
    native('api policy.retries.on', '`retry-on`; a request must fit into 16 KiB, or it is not tried again'),
    no('api policy.retries.on=429', '`retry-on` does not know 429'),
    native(
      'api policy.retries.methods',
      '`disable-l7-retry` for all others; refused connections are tried again for each',
    ),
    native(
      'api policy.retries.perTryMs',
      '`set-timeout server`; all tries have to fit into `timeouts.requestMs`, which is that of each try where this is absent',
    ),
  ],
  check({ policy }, on) {
    const asked = [
      { wanted: policy.retries, field: 'policy.retries' },
      ...Object.entries(policy.operations ?? {}).map(([id, { retries: wanted }]) => ({
        wanted,
        field: `policy.operations.${id}.retries`,
      })),
    ].flatMap(({ wanted, field }) => (wanted === undefined ? [] : [{ wanted, field }]));
    for (const { wanted, field } of asked) {
      checkOne(wanted, field, on);
      const same = (what: string) => `has to be ${what} of ${asked[0]?.field}: it holds for a whole API`;
      on.require(wanted.attempts === asked[0]?.wanted.attempts, `${field}.attempts`, same('that'));
      on.require(sameSet(wanted.on, asked[0]?.wanted.on ?? []), `${field}.on`, same('the list'));
    }
    if (policy.retries !== undefined) checkTimes(policy.retries, policy.timeouts, 'policy.retries', on);
    for (const [id, own] of Object.entries(policy.operations ?? {})) {
      const wanted = own.retries ?? policy.retries;
      if (wanted === undefined || (own.retries === undefined && own.timeouts === undefined)) continue;
      const field = `policy.operations.${id}.${own.retries === undefined ? 'timeouts' : 'retries'}`;
      checkTimes(wanted, own.timeouts ?? policy.timeouts, field, on);
    }
  },
  contribute(scope) {
    const variants = scope.each(({ policy }) => policy.retries ?? null);
    const first = variants.find(({ value }) => value !== null)?.value;
    if (first === undefined || first === null) return {};
    const on = new Set(first.on.map((condition) => conditions[condition] ?? ''));
    // Where some operations ask for nothing, theirs is what all APIs have: another connection.
    if (variants.some(({ value }) => value === null)) on.add('conn-failure');
    const sent = [...on].some((condition) => condition !== 'conn-failure');
    return {
      settings: [`retries ${first.attempts}`, `retry-on ${[...on].sort().join(' ')}`],
      rules: variants.flatMap(({ value, when }) => [...(sent ? [onceOnly(value, when)] : []), ...perTry(value, when)]),
    };
  },
};

/** A request that is not of these methods is sent once. */
const onceOnly = (value: Retries | null, when: readonly string[]): Rule =>
  value === null
    ? request('forward', 'disable-l7-retry', ...when)
    : request(
        'forward',
        'disable-l7-retry',
        ...when,
        `!{ method ${value.methods.map((method) => safe('method', method.toUpperCase())).join(' ')} }`,
      );

const perTry = (value: Retries | null, when: readonly string[]): Rule[] =>
  value?.perTryMs === undefined ? [] : [request('forward', `set-timeout server ${value.perTryMs}`, ...when)];

function checkOne({ attempts, methods, perTryMs }: Retries, field: string, on: Checker): void {
  on.count(attempts, `${field}.attempts`, 100);
  methods.forEach((method, index) =>
    on.form('method', method.toUpperCase(), `${field}.methods[${index}]`, 'must be a method'),
  );
  if (perTryMs !== undefined) on.time(perTryMs, `${field}.perTryMs`);
}

/** Each try has a clock, and nothing has one for all of them together: what would outlast a call is refused. */
function checkTimes(
  { attempts, on: conditionsOf, perTryMs }: Retries,
  { requestMs }: EffectivePolicy['timeouts'],
  field: string,
  on: Checker,
): void {
  if (perTryMs === undefined) return;
  const tries = conditionsOf.includes('timeout') ? attempts + 1 : 1;
  const message = `${tries} ${tries === 1 ? 'try has' : 'tries have'} to end within \`timeouts.requestMs\` (${requestMs}): ${Math.floor(requestMs / tries)} ms each at most`;
  on.require(perTryMs * tries <= requestMs, `${field}.perTryMs`, message);
}

const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((value) => b.includes(value));

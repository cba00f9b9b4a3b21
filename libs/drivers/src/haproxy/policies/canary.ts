import type { ApiUnit, EffectivePolicy } from '@gitway/contracts';
import { native } from '../capability.ts';
import type { Policy } from '../policy.ts';
import { CANARY_SLOT, poolSlots } from '../pools/slots.ts';
import { request, type Rule } from '../rule.ts';
import { ApiScope } from '../scope.ts';
import { safe } from '../syntax.ts';

type Mark = NonNullable<EffectivePolicy['canary']>['match'][number];

const undecided = '!{ var(txn.slot) -m found }';

/** Which pool a call goes to, where that is not left to chance: sets the slot. */
export const canary: Policy = {
  capabilities: [
    native('api policy.canary.pool', 'a slot of its own'),
    native('api policy.canary.match.in', '`req.fhdr`, `req.cook`'),
    native('api policy.canary.match.name', '`req.fhdr`, `req.cook`'),
    native('api policy.canary.match.value', 'compared byte by byte; any of several headers or cookies'),
    native(
      'api policy.canary.sticky',
      'CRC-32 of the consumer (of the address where nobody is known) in a hundred slots, the canary’s first',
    ),
  ],
  check({ pools, policy: { canary: wanted } }, on) {
    if (wanted === undefined) return;
    const known = pools.some(({ name }) => name === wanted.pool);
    on.require(known, 'policy.canary.pool', `there is no pool "${wanted.pool}"`);
    wanted.match.forEach(({ name, value }, index) => {
      const field = `policy.canary.match[${index}]`;
      on.form('header', name, `${field}.name`, 'must be letters, digits, `-` and `_`');
      on.require(value !== '', `${field}.value`, 'must not be empty');
    });
  },
  contribute: ({ api }) => ({
    // With one pool there is nothing to choose, and there are no slots.
    rules:
      api.policy.canary === undefined || api.pools.length < 2
        ? []
        : [...markRules(api.policy.canary.match), ...stickyRules(api)],
  }),
};

const markRules = (marks: readonly Mark[]): Rule[] =>
  marks.map((mark) => {
    const found = `req.${mark.in === 'cookie' ? 'cook' : 'fhdr'}(${safe('header', mark.name)})`;
    // As hex a value is inert, whatever it says.
    const test =
      mark.value === undefined
        ? `${found} -m found`
        : `${found},hex -m str ${Buffer.from(mark.value).toString('hex').toUpperCase()}`;
    return request('choose', `set-var(txn.slot) str(${CANARY_SLOT})`, undecided, `{ ${test} }`);
  });

function stickyRules(api: ApiUnit): Rule[] {
  const sticky = api.policy.canary?.sticky;
  const slots = new Set(poolSlots(api)).size > 1 ? poolSlots(api).length : 0;
  if (slots === 0 || sticky === undefined || sticky === 'none') return [];
  const take = (of: string, ...when: string[]) =>
    request('choose', `set-var(txn.slot) ${of},crc32(1),mod(${slots})`, undecided, ...when);
  return [
    ...(sticky === 'consumer' ? [take('var(txn.consumer)', '{ var(txn.consumer) -m len gt 0 }')] : []),
    take('src'),
  ];
}

/** Whether the pool depends on who calls, so that the caller has to be known before there is a backend. */
export const choosesByCaller = ({ api, groups }: ApiScope): boolean =>
  api.policy.canary?.sticky === 'consumer' &&
  new Set(poolSlots(api)).size > 1 &&
  groups.some(({ policy }) => policy.auth.kind !== 'none');

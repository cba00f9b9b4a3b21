import type { EffectivePolicy } from '@gitway/contracts';
import { denial } from '../answers.ts';
import { native } from '../capability.ts';
import type { Checker } from '../checker.ts';
import type { Policy } from '../policy.ts';
import { request, type Rule } from '../rule.ts';
import { isNetwork } from '../syntax.ts';
import { oneOf } from './word-lists.ts';

const refused = { status: 403, slug: 'address-refused', title: 'This address may not call the API.' };

/** Which addresses may call, asked before anything else is. */
export const ip: Policy = {
  capabilities: [
    native('api policy.ip.allow', '`src` in one of the ranges; else 403'),
    native('api policy.ip.deny', '`src` in one of the ranges: 403, whatever `allow` says'),
  ],
  check(api, on) {
    checkRanges(api.policy.ip, 'policy.ip', on);
    for (const [id, override] of Object.entries(api.policy.operations ?? {})) {
      checkRanges(override.ip, `policy.operations.${id}.ip`, on);
    }
  },
  contribute: (scope) => ({
    rules: scope.each(({ policy }) => policy.ip).flatMap(({ value, when }) => rulesOf(value, when)),
  }),
};

function checkRanges(lists: EffectivePolicy['ip'], field: string, on: Checker): void {
  for (const list of ['allow', 'deny'] as const) checkNetworks(lists?.[list] ?? [], `${field}.${list}`, on);
}

export function checkNetworks(ranges: readonly string[], field: string, on: Checker): void {
  ranges.forEach((range, index) =>
    on.require(isNetwork(range), `${field}[${index}]`, 'must be an IP address or a range such as 10.0.0.0/8'),
  );
}

function rulesOf(lists: EffectivePolicy['ip'], when: readonly string[]): Rule[] {
  const { allow = [], deny = [] } = lists ?? {};
  return [
    ...oneOf('closed', denial(refused), 'src', deny, when),
    ...(allow.length === 0
      ? []
      : [
          ...oneOf('closed', 'set-var(txn.inside) bool(true)', 'src', allow, when),
          request('closed', denial(refused), ...when, '!{ var(txn.inside) -m found }'),
        ]),
  ];
}

import type { EffectivePolicy } from '@gitway/contracts';
import { styledDenial } from '../answer-style.ts';
import { native } from '../capability.ts';
import type { Checker } from '../checker.ts';
import type { Policy } from '../policy.ts';
import { request, type Rule } from '../rule.ts';
import { isPlain } from '../syntax.ts';
import { checkNetworks } from './ip.ts';
import { oneOf } from './word-lists.ts';

type Maintenance = EffectivePolicy['maintenance'];

/** Every call is answered so, but those of the addresses that are allowed. */
export const maintenance: Policy = {
  capabilities: [
    native('api policy.maintenance.status', '`deny`, before a credential is asked for'),
    native('api policy.maintenance.message', '`detail` of the problem, or the text'),
    native('api policy.maintenance.retryAfterMs', '`Retry-After` in seconds, rounded up'),
    native('api policy.maintenance.allow', '`src` in one of the ranges'),
  ],
  check(api, on) {
    checkOne(api.policy.maintenance, 'policy.maintenance', on);
    for (const [id, override] of Object.entries(api.policy.operations ?? {})) {
      checkOne(override.maintenance, `policy.operations.${id}.maintenance`, on);
    }
  },
  contribute: (scope) => ({
    rules: scope
      .each(({ policy }) => policy.maintenance)
      .flatMap(({ value, when }) => rulesOf(value, scope.api.policy.errors, when)),
  }),
};

function checkOne(declared: Maintenance, field: string, on: Checker): void {
  if (declared === undefined) return;
  on.require(isPlain(declared.message), `${field}.message`, 'may not hold control characters');
  checkNetworks(declared.allow, `${field}.allow`, on);
}

function rulesOf(declared: Maintenance, errors: EffectivePolicy['errors'], when: readonly string[]): Rule[] {
  if (declared === undefined) return [];
  const { status, message, retryAfterMs, allow } = declared;
  const answer = {
    status,
    slug: 'maintenance',
    title: 'The API is under maintenance.',
    detail: message,
    ...(retryAfterMs === undefined ? {} : { headers: ` hdr retry-after ${Math.ceil(retryAfterMs / 1000)}` }),
  };
  return [
    ...oneOf('closed', 'set-var(txn.served) bool(true)', 'src', allow, when),
    request(
      'closed',
      styledDenial(answer, errors),
      ...when,
      ...(allow.length > 0 ? ['!{ var(txn.served) -m found }'] : []),
    ),
  ];
}

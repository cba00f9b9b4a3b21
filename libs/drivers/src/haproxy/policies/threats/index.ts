import { native, no } from '../../capability.ts';
import type { Policy } from '../../policy.ts';
import type { ApiScope } from '../../scope.ts';
import { banRules, banTable, checkBans, counted } from './bans.ts';
import { checkDeny, denyRules } from './deny.ts';

/** What looks like harm, and callers who are refused too often. */
export const threats: Policy = {
  capabilities: [
    native(
      'api policy.threatProtection.deny',
      'patterns of RE2, written anew for `-m reg`; 403. Costly ones are refused',
    ),
    no('api policy.threatProtection.waf', 'HAProxy has no web application firewall; use `deny`, or one in front'),
    native('api policy.threatProtection.bans', 'refusals counted in a stick table; 403 with Retry-After'),
  ],
  check(api, on) {
    const all = { '': api.policy, ...api.policy.operations };
    for (const [id, { threatProtection }] of Object.entries(all)) {
      const field = id === '' ? 'policy.threatProtection' : `policy.operations.${id}.threatProtection`;
      checkDeny(threatProtection?.deny ?? [], field, on);
      checkBans(threatProtection?.bans, field, on);
    }
  },
  contribute(scope) {
    const bans = bansOf(scope);
    return {
      rules: [
        ...bans.flatMap(({ bans: one, when }) => banRules(one, when)),
        ...scope
          .each(({ policy }) => policy.threatProtection?.deny)
          .flatMap(({ value, when }) => (value === undefined ? [] : denyRules(value, when))),
      ],
      shared: bans.map(({ bans: one }) => banTable(one)),
    };
  },
  amend(scope, rules) {
    const bans = bansOf(scope);
    return bans.length === 0 ? rules : counted(rules, bans);
  },
};

const bansOf = (scope: ApiScope) =>
  scope
    .each(({ policy }) => policy.threatProtection?.bans)
    .flatMap(({ value, when }) => (value === undefined ? [] : [{ bans: value, when }]));

import { errorLines, restyled } from '../answer-style.ts';
import { native } from '../capability.ts';
import type { Policy } from '../policy.ts';
import { isPlain } from '../syntax.ts';

/** The shape of the gateway's own answers, once it is known which API is called. */
export const errors: Policy = {
  capabilities: [
    native('api policy.errors.format', '`http-error` and the bodies of `deny`'),
    native('api policy.errors.typeBase', 'begins `type` of each problem'),
  ],
  check(api, on) {
    const base = api.policy.errors?.typeBase;
    on.require(base === undefined || isPlain(base), 'policy.errors.typeBase', 'may not hold control characters');
  },
  contribute: ({ api }) => ({ settings: api.policy.errors === undefined ? [] : errorLines(api.policy.errors) }),
  amend: ({ api }, rules) =>
    api.policy.errors === undefined ? rules : rules.map((rule) => restyled(rule, api.policy.errors)),
};

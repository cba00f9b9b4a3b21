import { denial } from '../answers.ts';
import { native } from '../capability.ts';
import type { Policy } from '../policy.ts';
import { request } from '../rule.ts';
import { fits } from '../syntax.ts';

const closedOperation = { status: 404, slug: 'no-operation', title: 'The API does not offer this operation here.' };

/** What of an API is open at all; asked before a credential is. */
export const allow: Policy = {
  capabilities: [
    native('api policy.allow.methods', '405 with `Allow` for every other method; CORS preflights are answered before'),
    native('api policy.allow.operations', '404 for every other operation, and for paths that are not declared'),
  ],
  check(api, on) {
    const { methods = [], operations = [] } = api.policy.allow ?? {};
    methods.forEach((method, index) =>
      on.require(fits('method', method), `policy.allow.methods[${index}]`, 'must be a method in capitals'),
    );
    const declared = new Set(api.operations.map(({ id }) => id));
    operations.forEach((id, index) =>
      on.require(declared.has(id), `policy.allow.operations[${index}]`, 'is no operation of the API'),
    );
  },
  contribute(scope) {
    const { methods, operations } = scope.api.policy.allow ?? {};
    const wrongMethod = {
      status: 405,
      slug: 'method-not-allowed',
      title: 'The API is not served with this method.',
      headers: ` hdr allow '${(methods ?? []).join(', ')}'`,
    };
    return {
      rules: [
        ...(methods === undefined ? [] : [request('form', denial(wrongMethod), `!{ method ${methods.join(' ')} }`)]),
        ...(operations === undefined
          ? []
          : scope
              .each(({ allowed }) => allowed)
              .filter(({ value }) => !value)
              .map(({ when }) => request('form', denial(closedOperation), ...when))),
      ],
    };
  },
};

import { changedWriting } from '../../compare/parameter-writing.ts';
import { show } from '../../document/json.ts';
import { nameOf, parametersOf } from '../../document/operations.ts';
import type { OperationCheck } from '../../compare/operation-check.ts';

/** How a parameter is written: `?ids=1&ids=2` is another request than `?ids=1,2`. */
export const parameterStyle: OperationCheck = {
  ids: ['request-parameter-style-changed'],
  check(pair) {
    const before = parametersOf(pair.before, pair.base.resolver);
    for (const [key, parameter] of parametersOf(pair.after, pair.revision.resolver)) {
      const old = before.get(key);
      if (old === undefined) continue;
      const changed = changedWriting(pair, old, parameter);
      if (changed === undefined) continue;
      pair.report({
        id: 'request-parameter-style-changed',
        document: 'revision',
        pointer: parameter.at.pointer,
        message: `The ${nameOf(parameter)} is written as ${show(changed.is)} where it was written as ${show(changed.was)}`,
        hint: 'take both for a while, or add a parameter under a new name',
      });
    }
  },
};

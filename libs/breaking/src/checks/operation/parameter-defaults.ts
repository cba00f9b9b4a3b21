import { member, pointerTo, sameJson, show } from '../../document/json.ts';
import { nameOf, parametersOf, schemaOf, type Parameter } from '../../document/operations.ts';
import type { OperationCheck } from '../../compare/operation-check.ts';

/** A default is what a caller gets who leaves an optional parameter out. */
export const parameterDefaults: OperationCheck = {
  ids: [
    'request-parameter-default-value-added',
    'request-parameter-default-value-changed',
    'request-parameter-default-value-removed',
  ],
  check(pair) {
    const old = parametersOf(pair.before, pair.base.resolver);
    for (const [key, parameter] of parametersOf(pair.after, pair.revision.resolver)) {
      const was = old.get(key);
      if (was === undefined || isRequired(was) || isRequired(parameter)) continue;
      const base = schemaOf(was.at, pair.base.resolver);
      const revision = schemaOf(parameter.at, pair.revision.resolver);
      if (base === undefined || revision === undefined) continue;
      const before = member(base.value, 'default') ?? undefined;
      const after = member(revision.value, 'default') ?? undefined;
      if (sameJson(before, after)) continue;
      const name = `The ${nameOf(parameter)}`;
      const now = { document: 'revision', pointer: pointerTo(revision.pointer, 'default') } as const;
      if (before === undefined) {
        pair.report({
          ...now,
          id: 'request-parameter-default-value-added',
          message: `${name} counts as ${show(after)} when it is left out`,
        });
      } else if (after === undefined) {
        pair.report({
          document: 'base',
          pointer: pointerTo(base.pointer, 'default'),
          id: 'request-parameter-default-value-removed',
          message: `${name} no longer counts as ${show(before)} when it is left out`,
        });
      } else {
        pair.report({
          ...now,
          id: 'request-parameter-default-value-changed',
          message: `${name} counts as ${show(after)} when it is left out, where it counted as ${show(before)}`,
        });
      }
    }
  },
};

const isRequired = (parameter: Parameter) => member(parameter.at.value, 'required') === true;

import { show } from '../../document/json.ts';
import { nameOf, parametersOf, type Parameter } from '../../document/operations.ts';
import type { OperationCheck, OperationPair } from '../../compare/operation-check.ts';
import { daysBetween, deprecationDays, isDeprecated, sunsetOf } from '../lifecycle-words.ts';

/** A parameter that is deprecated tells from when it is gone, and keeps to it, as an operation does. */
export const parameterSunset: OperationCheck = {
  ids: [
    'request-parameter-deprecated-sunset-missing',
    'request-parameter-sunset-date-too-small',
    'request-parameter-sunset-date-changed-too-small',
    'request-parameter-sunset-deleted',
    'request-parameter-sunset-parse',
  ],
  check(pair) {
    const before = parametersOf(pair.before, pair.base.resolver);
    const after = parametersOf(pair.after, pair.revision.resolver);
    for (const [key, parameter] of after) {
      const old = before.get(key);
      if (old !== undefined && isDeprecated(parameter.at.value)) compare(pair, old, parameter);
    }
    for (const [key, { at, ...parameter }] of before) {
      if (after.has(key) || !isDeprecated(at.value) || sunsetOf(at.value) !== 'invalid') continue;
      pair.report({
        id: 'request-parameter-sunset-parse',
        document: 'base',
        pointer: at.pointer,
        message: `The ${nameOf(parameter)} is gone and its \`x-sunset\` is no date`,
      });
    }
  },
};

function compare(pair: OperationPair, old: Parameter, parameter: Parameter): void {
  const name = `The ${nameOf(parameter)}`;
  const was = sunsetOf(old.at.value);
  const is = sunsetOf(parameter.at.value);
  const days = deprecationDays(pair.after.operation.value, pair.options);
  const { today } = pair.options;
  const near = is !== null && today !== undefined && daysBetween(today, is) < days;
  const at = { document: 'revision', pointer: parameter.at.pointer } as const;
  const promised = `callers have less than the ${days} days they were promised`;
  if (!isDeprecated(old.at.value)) {
    if (is === 'invalid') {
      pair.report({
        ...at,
        id: 'request-parameter-sunset-parse',
        message: `${name} is deprecated and its \`x-sunset\` is no date`,
      });
    } else if (is === null && days > 0) {
      pair.report({
        ...at,
        id: 'request-parameter-deprecated-sunset-missing',
        message: `${name} is deprecated without a date from which it is gone`,
        hint: 'add `x-sunset` with a date',
      });
    } else if (near) {
      pair.report({
        ...at,
        id: 'request-parameter-sunset-date-too-small',
        message: `${name} is deprecated and gone on ${show(is)}: ${promised}`,
      });
    }
  } else if (was !== null && is === null) {
    pair.report({
      ...at,
      id: 'request-parameter-sunset-deleted',
      message: `The date from which the ${nameOf(parameter)} is gone is no longer told`,
    });
  } else if (was !== null && was !== 'invalid' && is !== null && is < was && near) {
    pair.report({
      ...at,
      id: 'request-parameter-sunset-date-changed-too-small',
      message: `${name} is gone on ${show(is)} already and not on ${show(was)}`,
    });
  }
}

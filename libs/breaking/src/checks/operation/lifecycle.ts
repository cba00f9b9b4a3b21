import { pointerTo, show } from '../../document/json.ts';
import type { OperationCheck } from '../../compare/operation-check.ts';
import {
  daysBetween,
  deprecationDays,
  isDeprecated,
  stabilityLevels,
  stabilityOf,
  sunsetOf,
} from '../lifecycle-words.ts';

export const stability: OperationCheck = {
  ids: ['api-stability-decreased', 'api-invalid-stability-level'],
  check({ before, after, report }) {
    const { value, pointer } = after.operation;
    const was = stabilityOf(before.operation.value);
    const is = stabilityOf(value);
    const at = { document: 'revision', pointer: pointerTo(pointer, 'x-stability-level') } as const;
    if (is === 'invalid' && was !== 'invalid') {
      report({
        ...at,
        id: 'api-invalid-stability-level',
        message: `The \`x-stability-level\` is none of ${stabilityLevels.join(', ')}`,
      });
    } else if (was !== null && was !== 'invalid' && is !== 'invalid') {
      if (is === null || stabilityLevels.indexOf(is) < stabilityLevels.indexOf(was)) {
        report({
          ...at,
          ...(is === null ? { pointer } : {}),
          id: 'api-stability-decreased',
          message: `Callers were promised ${show(was)} and get ${is === null ? 'no promise' : show(is)}`,
        });
      }
    }
  },
};

export const sunset: OperationCheck = {
  ids: [
    'api-deprecated-sunset-missing',
    'api-deprecated-sunset-parse',
    'api-sunset-date-too-small',
    'api-sunset-date-changed-too-small',
    'sunset-deleted',
  ],
  check({ before, after, options, report }) {
    const { value, pointer } = after.operation;
    if (!isDeprecated(value)) return;
    const was = sunsetOf(before.operation.value);
    const is = sunsetOf(value);
    const days = deprecationDays(value, options);
    const at = { document: 'revision', pointer: pointerTo(pointer, 'x-sunset') } as const;
    const near = is !== null && options.today !== undefined && daysBetween(options.today, is) < days;
    if (!isDeprecated(before.operation.value)) {
      if (is === 'invalid') {
        report({ ...at, id: 'api-deprecated-sunset-parse', message: 'It is deprecated and its `x-sunset` is no date' });
      } else if (is === null && days > 0) {
        report({
          ...at,
          pointer,
          id: 'api-deprecated-sunset-missing',
          message: 'It is deprecated without a date from which it is gone',
          hint: 'add `x-sunset` with a date',
        });
      } else if (near) {
        report({
          ...at,
          id: 'api-sunset-date-too-small',
          message: `It is deprecated and gone on ${show(is)}: callers have less than the ${days} days they were promised`,
        });
      }
    } else if (was !== null && is === null) {
      report({ ...at, pointer, id: 'sunset-deleted', message: 'The date from which it is gone is no longer told' });
    } else if (was !== null && was !== 'invalid' && is !== null && is < was && near) {
      report({
        ...at,
        id: 'api-sunset-date-changed-too-small',
        message: `It is gone on ${show(is)} already and not on ${show(was)}`,
      });
    }
  },
};

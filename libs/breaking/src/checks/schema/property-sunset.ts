import { show, textMember, type Json } from '../../document/json.ts';
import { concernsCaller, type SchemaCheck } from '../../compare/schema-check.ts';
import { daysBetween, isDeprecated, sunsetOf } from '../lifecycle-words.ts';

/** A property that becomes deprecated must say from when it is gone, and early enough. */
export const propertySunset: SchemaCheck = {
  ids: ['request-property', 'response-property'].flatMap((scope) => [
    `${scope}-deprecated-sunset-missing`,
    `${scope}-deprecated-sunset-invalid`,
    `${scope}-sunset-date-too-small`,
  ]),
  check(pair, report) {
    if (pair.place !== 'property' || !concernsCaller(pair) || !becameDeprecated(pair.base.value, pair.revision.value)) {
      return;
    }
    const scope = `${pair.direction}-property`;
    const days = pair.options.deprecationDaysStable ?? 0;
    const { today } = pair.options;
    const sunset = sunsetOf(pair.revision.value);
    if (sunset === null) {
      if (days === 0) return;
      report({
        id: `${scope}-deprecated-sunset-missing`,
        says: 'is deprecated without a date from which it is gone',
        at: ['deprecated'],
        hint: 'add `x-sunset` with a date',
      });
    } else if (sunset === 'invalid') {
      report({
        id: `${scope}-deprecated-sunset-invalid`,
        says: `is deprecated and its \`x-sunset\` is no date: ${show(textMember(pair.revision.value, 'x-sunset') ?? '')}`,
        at: ['x-sunset'],
      });
    } else if (today !== undefined && daysBetween(today, sunset) < days) {
      report({
        id: `${scope}-sunset-date-too-small`,
        says: `is deprecated and gone on ${show(sunset)}: callers have less than the ${days} days they were promised`,
        at: ['x-sunset'],
      });
    }
  },
};

const becameDeprecated = (base: Json, revision: Json) => isDeprecated(revision) && !isDeprecated(base);

import { describe, expect, it } from '@jest/globals';
import { asRequest, asResponse, idsOf, property } from '../../testing/documents.ts';

const options = { today: '2026-11-23', deprecationDaysStable: 30 };
const sunset = (date: unknown) => ({ deprecated: true, 'x-sunset': date });

describe('the sunset of a property', () => {
  it.each<[string, object, object, string[]]>([
    ['deprecated without a date', {}, { deprecated: true }, ['deprecated-sunset-missing']],
    ['deprecated with a date that is none', {}, sunset('soon'), ['deprecated-sunset-invalid']],
    ['deprecated too near', {}, sunset('2026-12-01'), ['sunset-date-too-small']],
    ['deprecated in time', {}, sunset('2027-01-01'), []],
    ['deprecated before', sunset('2027-01-01'), sunset('2026-12-01'), []],
  ])('%s', (_name, base, revision, ids) => {
    const schema = (more: object) => property({ type: 'string', ...more });
    for (const [direction, as] of [
      ['request', asRequest],
      ['response', asResponse],
    ] as const) {
      expect(idsOf(as(schema(base)), as(schema(revision)), options)).toEqual(
        ids.map((id) => `${direction}-property-${id}`),
      );
    }
  });

  it('concerns nobody in the direction in which the property does not go', () => {
    const schema = (more: object) => asRequest(property({ type: 'string', readOnly: true, ...more }));
    expect(idsOf(schema({}), schema({ deprecated: true }), options)).toEqual([]);
  });
});

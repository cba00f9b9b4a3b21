import { describe, expect, it } from '@jest/globals';
import { idsOf, operation } from '../../testing/documents.ts';

const options = { today: '2026-11-23', deprecationDaysStable: 30, deprecationDaysBeta: 10 };
const sunset = (date: string, more: object = {}) => ({ deprecated: true, 'x-sunset': date, ...more });

describe('stability and sunset', () => {
  it.each<[string, object, object, string[]]>([
    ['less stable', { 'x-stability-level': 'stable' }, { 'x-stability-level': 'beta' }, ['api-stability-decreased']],
    ['no level any more', { 'x-stability-level': 'beta' }, {}, ['api-stability-decreased']],
    ['more stable', { 'x-stability-level': 'beta' }, { 'x-stability-level': 'stable' }, []],
    ['no such level', {}, { 'x-stability-level': 'rock-solid' }, ['api-invalid-stability-level']],
    ['deprecated without a date', {}, { deprecated: true }, ['api-deprecated-sunset-missing']],
    ['deprecated with a date that is none', {}, sunset('2026-13-45'), ['api-deprecated-sunset-parse']],
    ['deprecated too near its sunset', {}, sunset('2026-12-01'), ['api-sunset-date-too-small']],
    ['deprecated in time', {}, sunset('2027-01-01'), []],
    [
      'beta needs less time',
      { 'x-stability-level': 'beta' },
      sunset('2026-12-05', { 'x-stability-level': 'beta' }),
      [],
    ],
    ['sunset brought forward', sunset('2027-06-01'), sunset('2026-12-01'), ['api-sunset-date-changed-too-small']],
    ['sunset brought forward in time', sunset('2027-06-01'), sunset('2027-05-01'), []],
    ['sunset no longer told', sunset('2027-06-01'), { deprecated: true }, ['sunset-deleted']],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOf(operation({ ...base }), operation({ ...revision }), options)).toEqual(ids);
  });

  it('judges no date where the day is not told', () => {
    expect(idsOf(operation({}), operation(sunset('2020-01-01')))).toEqual([]);
  });

  it('promises nothing of a draft', () => {
    const draft = (required: boolean) =>
      operation({ 'x-stability-level': 'alpha', parameters: [{ name: 'q', in: 'query', required }] });
    expect(idsOf(draft(false), draft(true))).toEqual([]);
  });
});

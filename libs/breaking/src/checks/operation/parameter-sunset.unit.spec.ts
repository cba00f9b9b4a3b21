import { describe, expect, it } from '@jest/globals';
import { idsOf, operation } from '../../testing/documents.ts';

const options = { today: '2026-11-23', deprecationDaysStable: 30 };
const sunset = (date: unknown) => ({ deprecated: true, 'x-sunset': date });
const q = (members: object | undefined) =>
  operation({ parameters: members === undefined ? [] : [{ name: 'q', in: 'query', ...members }] });

describe('the sunset of a parameter', () => {
  it.each<[string, object, object | undefined, string[]]>([
    ['deprecated without a date', {}, { deprecated: true }, ['request-parameter-deprecated-sunset-missing']],
    ['deprecated with a date that is none', {}, sunset('soon'), ['request-parameter-sunset-parse']],
    ['deprecated too near', {}, sunset('2026-12-01'), ['request-parameter-sunset-date-too-small']],
    ['deprecated in time', {}, sunset('2027-01-01'), []],
    [
      'brought forward',
      sunset('2027-06-01'),
      sunset('2026-12-01'),
      ['request-parameter-sunset-date-changed-too-small'],
    ],
    ['brought forward in time', sunset('2027-06-01'), sunset('2027-05-01'), []],
    ['no longer told', sunset('2027-01-01'), { deprecated: true }, ['request-parameter-sunset-deleted']],
    ['gone, and its date was none', sunset('soon'), undefined, ['request-parameter-sunset-parse']],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOf(q(base), q(revision), options)).toEqual(ids);
  });

  it('is not asked for where no time is promised, and not judged where the day is not told', () => {
    expect(idsOf(q({}), q({ deprecated: true }), { today: '2026-11-23' })).toEqual([]);
    expect(idsOf(q({}), q(sunset('2020-01-01')), {})).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { freezeSchema } from './environment-settings.ts';

const takes = (rrule: string) => freezeSchema.safeParse({ rrule, for: '1h' }).success;

describe('a recurrence', () => {
  it.each([
    'FREQ=WEEKLY;BYDAY=FR;BYHOUR=16',
    'FREQ=MONTHLY;BYMONTHDAY=-1',
    'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24,25,26',
    'FREQ=MONTHLY;BYDAY=+1MO;BYSETPOS=1',
    'FREQ=DAILY;INTERVAL=2;UNTIL=20271231T000000Z',
  ])('%s is one', (rrule) => {
    expect(takes(rrule)).toBe(true);
  });

  it.each([
    '',
    'every friday',
    'FREQ=SOMETIMES',
    'BYHOUR=16',
    'FREQ=DAILY;INTERVAL=0',
    'FREQ=DAILY;BYHOUR=99',
    'FREQ=MONTHLY;BYMONTHDAY=0',
    'FREQ=DAILY;FREQ=WEEKLY',
    'FREQ=DAILY;DTSTART=20270101T000000Z',
    'DTSTART:20270101T000000Z\nRRULE:FREQ=DAILY',
    'RRULE:FREQ=DAILY',
    'FREQ=DAILY;BYEASTER=x',
    'FREQ=DAILY;NONSENSE=1',
    'FREQ=DAILY;COUNT=100000000',
  ])('%j is none', (rrule) => {
    expect(takes(rrule)).toBe(false);
  });
});

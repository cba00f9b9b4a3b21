import { describe, expect, it } from '@jest/globals';
import { busConformance } from '../testing/bus-conformance.ts';
import { InMemoryMessageBus } from './memory-bus.ts';
import { subjectMatches } from './subjects.ts';

busConformance('in memory', () => ({
  bus: new InMemoryMessageBus({ streams: [{ name: 'TEST', subjects: ['test.>'] }] }),
  consumer: { stream: 'TEST', durable: 'reader', filter: 'test.>' },
  subject: 'test.subject.a',
}));

describe('subjectMatches', () => {
  it.each([
    ['a.>', 'a.b.c', true],
    ['a.>', 'a', false],
    ['a.*.c', 'a.b.c', true],
    ['a.*', 'a.b.c', false],
    ['a.b', 'a.b', true],
    ['a.b', 'a.b.c', false],
  ])('%s and %s: %s', (filter, subject, expected) => {
    expect(subjectMatches(filter, subject)).toBe(expected);
  });
});

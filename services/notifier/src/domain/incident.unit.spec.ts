import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_ENTRIES, type OpenIncident, type Signal, step } from './incident.ts';

const at = (second: number) => new Date(second * 1_000);
const open: OpenIncident = { severity: 'major', about: 'deployment-1', raisedAt: at(10), entries: 1 };
const raise = (severity: 'minor' | 'major' | 'critical', about = 'deployment-2'): Signal => ({
  kind: 'raise',
  key: 'k',
  environment: 'staging',
  severity,
  title: 't',
  text: 'x',
  about,
});
const resolve: Signal = { kind: 'resolve', key: 'k', text: 'x', exceptAbout: 'deployment-9' };

describe('step', () => {
  it.each([
    ['a first raise opens', null, raise('minor'), 20, { step: 'open', severity: 'minor' }],
    ['a note without an incident is nothing', null, { kind: 'note', key: 'k', text: 'x' }, 20, { step: 'nothing' }],
    ['good news without an incident is nothing', null, resolve, 20, { step: 'nothing' }],
    [
      'a worse raise makes it worse',
      open,
      raise('critical'),
      20,
      { step: 'update', severity: 'critical', about: 'deployment-2' },
    ],
    [
      'a lesser raise makes it no better',
      open,
      raise('minor'),
      20,
      { step: 'update', severity: 'major', about: 'deployment-2' },
    ],
    [
      'a note is added',
      open,
      { kind: 'note', key: 'k', text: 'x' },
      20,
      { step: 'update', severity: 'major', about: null },
    ],
    ['good news resolves', open, resolve, 20, { step: 'resolve' }],
    ['good news from before the bad resolves nothing', open, resolve, 9, { step: 'nothing' }],
    [
      'good news of the same thing resolves nothing',
      open,
      { ...resolve, exceptAbout: 'deployment-1' },
      20,
      { step: 'nothing' },
    ],
  ] as [string, OpenIncident | null, Signal, number, object][])('%s', (_name, incident, signal, second, expected) => {
    expect(step(incident, signal, at(second))).toEqual(expected);
  });

  it('lets a timeline grow no further than its end, and resolves it all the same', () => {
    const long = { ...open, entries: MAX_ENTRIES };
    expect(step(long, raise('critical'), at(20))).toEqual({ step: 'nothing' });
    expect(step(long, resolve, at(20))).toEqual({ step: 'resolve' });
  });

  it('never opens a second incident while one is open', () => {
    const severity = fc.constantFrom('minor', 'major', 'critical' as const);
    fc.assert(
      fc.property(severity, fc.nat(300), fc.nat(30), (each, entries, second) => {
        const next = step({ ...open, entries }, raise(each), at(second));
        expect(next.step).not.toBe('open');
      }),
    );
  });
});

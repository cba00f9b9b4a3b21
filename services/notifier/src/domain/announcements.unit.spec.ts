import { describe, expect, it } from '@jest/globals';
import { allEvents, type EventEnvelope } from '@gitway/contracts';
import fc from 'fast-check';
import { channelsFor, isWorthReporting, orderKeyOf } from './announcements.ts';
import { channelsSchema, DEFAULT_FACTS, matchesFact } from './channel-settings.ts';
import { signalsOf } from './signals.ts';

const secret = 'a-secret-of-some-length';
const channel = (over: object) => ({ name: 'ops', type: 'webhook', url: 'https://example.com/x', secret, ...over });
const parse = (...channels: object[]) => channelsSchema.parse(channels);

const event = (fact: string, data: object): EventEnvelope => {
  const definition = allEvents.find((each) => each.fact === fact)!;
  return {
    id: 'e-1',
    type: definition.type,
    source: `/gitway/${definition.owner}`,
    subject: `gitway.${definition.owner}.${fact}.x`,
    time: '2026-01-01T00:00:00.000Z',
    correlationId: 'c-1',
    causationId: null,
    traceparent: null,
    data,
  };
};
const names = (found: { name: string }[]) => found.map(({ name }) => name);

describe('channel settings', () => {
  it.each([
    [{ url: 'ftp://example.com' }],
    [{ url: 'https://user:password@example.com/' }],
    [{ url: 'no url' }],
    [{ secret: 'short' }],
    [{ facts: ['incident-opend'] }],
    [{ facts: ['nothing-*'] }],
    [{ facts: [] }],
    [{ name: 'No Name' }],
    [{ type: 'pigeon' }],
    [{ facts: ['rolled-back'], extra: true }],
  ])('refuse %j', (over) => {
    expect(channelsSchema.safeParse([channel(over)]).success).toBe(false);
  });

  it('refuse two channels of one name', () => {
    expect(channelsSchema.safeParse([channel({}), channel({})]).success).toBe(false);
  });

  it('default to incidents and rollbacks', () => {
    expect(parse(channel({}))[0]!.facts).toEqual(DEFAULT_FACTS);
  });
});

describe('matchesFact', () => {
  it.each([
    ['incident-*', 'incident-opened', true],
    ['*', 'deployed', true],
    ['*-failed', 'deployment-failed', true],
    ['d*-*d', 'drift-detected', true],
    ['drift-detected', 'drift-detected', true],
    ['drift', 'drift-detected', false],
    ['drift-*drift-detected', 'drift-detected', false],
    ['a*a', 'a', false],
  ])('%s and %s', (pattern, fact, expected) => {
    expect(matchesFact(pattern, fact)).toBe(expected);
  });

  it('agrees with what a regular expression would say, without being one', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '-'), { maxLength: 8 }).map((parts) => parts.join(''));
    const pattern = fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, text, (wanted, fact) => {
        const expected = new RegExp(`^${wanted.replaceAll('*', '.*')}$`).test(fact);
        expect(matchesFact(wanted, fact)).toBe(expected);
      }),
    );
  });
});

describe('channelsFor', () => {
  it('keeps to facts and environments', () => {
    const channels = parse(
      channel({ name: 'all' }),
      channel({ name: 'production', environments: ['production'] }),
      channel({ name: 'drift', facts: ['drift-*'] }),
    );
    expect(names(channelsFor(event('rolled-back', { environment: 'production' }), channels))).toEqual([
      'all',
      'production',
    ]);
    expect(names(channelsFor(event('rolled-back', { environment: 'staging' }), channels))).toEqual(['all']);
    expect(names(channelsFor(event('incident-opened', { environment: null }), channels))).toEqual(['all']);
    expect(names(channelsFor(event('drift-detected', { environment: 'staging' }), channels))).toEqual(['drift']);
    expect(channelsFor({ ...event('deployed', {}), type: 'somebody.else.v1' }, channels)).toEqual([]);
  });

  it('never tells a channel that it does not work, nor anybody for ever', () => {
    const channels = parse(channel({ name: 'a', facts: ['*'] }), channel({ name: 'b', facts: ['*'] }));
    const failed = event('notification-failed', { channel: 'a' });
    expect(names(channelsFor(failed, channels))).toEqual(['b']);
    expect(isWorthReporting(failed.type)).toBe(false);
    expect(isWorthReporting(event('incident-opened', {}).type)).toBe(true);
  });

  it('keeps the facts of one incident in order, and no others', () => {
    const incident = '7b2e3a50-5f0d-4b6a-9c3e-2f1d8a7c6b5e';
    expect(orderKeyOf(event('incident-opened', { incident }))).toBe(
      orderKeyOf(event('incident-resolved', { incident })),
    );
    expect(orderKeyOf(event('rolled-back', {}))).toBe('event/e-1');
  });
});

describe('signals', () => {
  it('come from none of the notifier’s own facts', () => {
    for (const { fact, owner } of allEvents) {
      if (owner === 'notifier') expect(signalsOf(event(fact, { environment: 'staging', channel: 'a' }))).toEqual([]);
    }
  });

  it('are bounded, however long a reason is', () => {
    const reason = 'x'.repeat(100_000);
    const [signal] = signalsOf(event('source-failed', { source: 'shop', repository: 'r', reason, failures: 3 }));
    expect(signal!.text.length).toBeLessThanOrEqual(1_000);
  });
});

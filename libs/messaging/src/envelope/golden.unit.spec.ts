import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { allEvents } from '@gitway/contracts';
import { decodeEvent, encodeEvent } from './codec.ts';
import { upcast } from './upcast.ts';

interface Golden {
  subject: string;
  headers: Record<string, string>;
  data: unknown;
}

const golden = async (type: string) =>
  JSON.parse(
    await readFile(new URL(`../../../contracts/conformance/${type}.golden.json`, import.meta.url), 'utf8'),
  ) as Golden;

describe('golden messages', () => {
  it.each(allEvents.map(({ type }) => type))('%s is read and written as published', async (type) => {
    const { subject, headers, data } = await golden(type);
    const message = { subject, id: headers['ce-id'] as string, headers, body: Buffer.from(JSON.stringify(data)) };
    const { definition, event } = decodeEvent(message);
    expect(definition.type).toBe(type);
    expect(event.data).toEqual(data);
    const written = encodeEvent(event);
    expect(written.subject).toBe(subject);
    expect(written.headers).toEqual(headers);
    expect(JSON.parse(Buffer.from(written.body).toString())).toEqual(data);
  });

  it.each(allEvents.map(({ type }) => type))('%s without one of its required fields is refused', async (type) => {
    const { subject, headers, data } = await golden(type);
    const [first] = Object.keys(data as object);
    const body = Buffer.from(JSON.stringify({ ...(data as object), [first as string]: undefined }));
    expect(() => decodeEvent({ subject, id: 'x', headers, body })).toThrow(/not what its type promises/);
  });

  it('refuses types of a later release, and messages that are no events', async () => {
    const type = allEvents[0]?.type ?? '';
    const { subject, headers } = await golden(type);
    const later = { ...headers, 'ce-type': type.replace(/v\d+$/, 'v99') };
    expect(() => decodeEvent({ subject, id: 'x', headers: later, body: Buffer.from('{}') })).toThrow(/v99/);
    expect(() => decodeEvent({ subject, id: 'x', headers: {}, body: Buffer.from('{}') })).toThrow(/ce-type/);
    expect(() => decodeEvent({ subject, id: 'x', headers, body: Buffer.from('{') })).toThrow(/not JSON/);
  });

  it('brings older versions up step by step', () => {
    const known = [
      { from: 'a.v1', to: 'a.v2', data: (old: unknown) => ({ ...(old as object), second: true }) },
      { from: 'a.v2', to: 'a.v3', data: (old: unknown) => ({ ...(old as object), third: true }) },
    ];
    expect(upcast('a.v1', { first: true }, known)).toEqual({
      type: 'a.v3',
      data: { first: true, second: true, third: true },
    });
    expect(upcast('b.v1', 1, known)).toEqual({ type: 'b.v1', data: 1 });
  });
});

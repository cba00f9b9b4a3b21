import { describe, expect, it } from '@jest/globals';
import { document, idsOf, onlyChange, operation } from '../../testing/documents.ts';

const at = (...urls: string[]) => ({ servers: urls.map((url) => ({ url })) });
const own = (...urls: string[]) => operation(at(...urls), at('https://a.example'));

describe('servers', () => {
  it('are told when they are no longer listed', () => {
    const base = operation({}, at('https://a.example/', 'https://b.example'));
    expect(onlyChange(base, operation({}, at('https://a.example')))).toMatchObject({
      id: 'api-server-removed',
      operation: null,
      pointer: '/servers/1',
    });
    expect(idsOf(base, operation({}, at('https://b.example', 'https://a.example', 'https://c.example')))).toEqual([]);
  });

  it('may be left out: that names no other place', () => {
    expect(idsOf(operation({}, at('https://a.example')), operation({}))).toEqual([]);
  });

  it('of an operation or a path count before those of the document', () => {
    expect(onlyChange(own('https://b.example'), own('https://c.example'))).toMatchObject({
      id: 'operation-server-removed',
      operation: { method: 'POST', path: '/pets/{id}' },
    });
    expect(idsOf(operation({}, at('https://a.example')), own('https://b.example'))).toEqual([
      'operation-server-removed',
    ]);
    const shared = (...urls: string[]) => document({ get: {}, ...at(...urls) }, at('https://a.example'));
    expect(idsOf(shared('https://b.example'), shared('https://a.example'))).toEqual(['operation-server-removed']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { allowedBy, parseAllowedHost } from './allowed-host.ts';
import { hostsOf, parseRemoteRefs } from './remote-refs.ts';

describe('an allowed host', () => {
  it.each([
    ['schemas.example.com', 'https', 'schemas.example.com', 443, false],
    [' Schemas.Example.com ', 'https', 'schemas.example.com', 443, false],
    ['specs.example.com:8443', 'https', 'specs.example.com', 8443, true],
    ['specs.example.com:443', 'https', 'specs.example.com', 443, true],
    ['http://schemas.example.com', 'http', 'schemas.example.com', 80, false],
    ['http://127.0.0.1:8080/', 'http', '127.0.0.1', 8080, true],
    ['10.0.0.7', 'https', '10.0.0.7', 443, true],
    ['[::1]:8443', 'https', '[::1]', 8443, true],
    ['0x7f.1', 'https', '127.0.0.1', 443, true],
  ])('%s', (text, scheme, host, port, mayBePrivate) => {
    expect(parseAllowedHost(text)).toEqual({ scheme, host, port, mayBePrivate });
  });

  it.each([
    ['', /no host/],
    ['https://', /no host/],
    ['example.com:', /no host/],
    ['example.com:0', /no host/],
    ['example.com:99999', /no host/],
    ['example.com/pets', /path/],
    ['example.com?x', /path/],
    ['*.example.com', /pattern/],
    ['me:secret@example.com', /credentials/],
    ['ftp://example.com', /scheme/],
    ['file:///etc', /scheme/],
    ['a b', /character/],
    ['a\\b', /character/],
  ])('%s is refused', (text, problem) => {
    expect(parseAllowedHost(text)).toEqual({ problem: expect.stringMatching(problem) as unknown as string });
  });

  it('allows its scheme, name and port, and no other', () => {
    const hosts = ['schemas.example.com', 'http://127.0.0.1:8080'].map((text) => parseAllowedHost(text));
    const allows = (url: string) => allowedBy(hosts as Parameters<typeof allowedBy>[0], url) !== undefined;
    expect(
      ['https://schemas.example.com/a', 'https://schemas.example.com:443/', 'http://127.0.0.1:8080/a'].every(allows),
    ).toBe(true);
    expect(
      [
        'http://schemas.example.com/a',
        'https://schemas.example.com:8443/a',
        'https://schemas.example.com.evil.example/a',
        'https://evil.example/schemas.example.com',
        'https://a.schemas.example.com/a',
        'https://127.0.0.1:8080/a',
        'http://127.0.0.1/a',
      ].some(allows),
    ).toBe(false);
  });
});

describe('hosts by source', () => {
  it('are those of the source and those of all', () => {
    const refs = parseRemoteRefs('petstore=schemas.example.com, specs.example.com:8443; *=rules.example.com;');
    if ('problem' in refs) throw new Error(refs.problem);
    const named = (source: string) => hostsOf(refs, source).map(({ host }) => host);
    expect(named('petstore')).toEqual(['schemas.example.com', 'specs.example.com', 'rules.example.com']);
    expect(named('other')).toEqual(['rules.example.com']);
  });

  it.each([
    ['schemas.example.com', /part 1 .*does not begin with the name of a source/],
    ['a=x.example;=y.example', /part 2 .*does not begin/],
    ['a=x.example;;b=y.example', /part 2 /],
    ['A=x.example', /part 1 /],
    ['a=x.example;a=y.example', /part 2 .*an earlier part/],
    ['a=x.example,', /part 1 .*host 2 is no host/],
    ['a=x.example;b=y.example,me:secret@z.example', /part 2 .*host 2 holds credentials/],
  ])('%s is refused with its place, and without what was given', (text, problem) => {
    const refs = parseRemoteRefs(text);
    expect(refs).toEqual({ problem: expect.stringMatching(problem) as unknown as string });
    expect(JSON.stringify(refs)).not.toMatch(/[xyz]\.example|secret/);
  });
});

import { describe, expect, it } from '@jest/globals';
import { parseRemoteUrl } from './remote-url.ts';

const strict = { allowPrivate: false, allowLocal: false };
const open = { allowPrivate: true, allowLocal: true };

describe('a repository URL', () => {
  it.each([
    ['https://git.example.com/team/apis.git', 'https://git.example.com/team/apis.git', 443],
    ['HTTPS://Git.Example.COM:443/team/apis.git', 'https://git.example.com/team/apis.git', 443],
    ['https://git.example.com:8443/team/apis.git', 'https://git.example.com:8443/team/apis.git', 8443],
    ['ssh://git@git.example.com/team/apis.git', 'ssh://git@git.example.com/team/apis.git', 22],
    ['git@git.example.com:team/apis.git', 'git@git.example.com:team/apis.git', 22],
    ['https://93.184.216.34/a.git', 'https://93.184.216.34/a.git', 443],
    ['https://git.example.com/a/..b.git', 'https://git.example.com/a/..b.git', 443],
  ])('%s is taken', (text, display, port) => {
    expect(parseRemoteUrl(text, strict)).toMatchObject({ display, port });
  });

  it.each([
    ['', 'is no URL'],
    ['   ', 'holds a space'],
    ['-x', 'option'],
    ['--upload-pack=touch x', 'space'],
    ['--upload-pack=x', 'option'],
    ['ext::sh', 'remote helper'],
    ['Ext::sh', 'remote helper'],
    ['ftp://host/a', 'scheme "ftp"'],
    ['git://host/a', 'scheme "git"'],
    ['ssh://-oProxyCommand=x/a', 'option|cannot be one'],
    ['ssh://%2DoProxyCommand=x/a', 'cannot be one'],
    ['-oProxyCommand=x:a', 'option'],
    ['host:-oProxyCommand=x', 'starts with "-"'],
    ['https://host', 'names no repository'],
    ['https://host/', 'names no repository'],
    ['https:///a/b', 'cannot be one'],
    ['https://user:secret@host/a', 'credentials'],
    ['https://secret@host/a', 'credentials'],
    ['ssh://git:secret@host/a', 'credentials'],
    ['https://host/a\n--upload-pack=x', 'control character'],
    ['https://host/a%0ab', 'control character'],
    ['https://host/a%zz', 'encodes nothing'],
    ['https://host/../a', '".."'],
    ['https://host/%2e%2e/a', '".."'],
    ['https://host:0/a', 'port'],
    ['https://host:99999/a', 'port'],
    ['https://h\u00f6st/a', 'percent-encoded'],
    ['https://host/"a"', 'percent-encoded'],
    [`https://host/${'a'.repeat(2001)}`, 'longer'],
    ['file://host/a', 'file URL with a host'],
  ])('%j is refused, whatever is allowed', (text, reason) => {
    expect(() => parseRemoteUrl(text, open)).toThrow(new RegExp(reason));
    expect(() => parseRemoteUrl(text, open)).not.toThrow(/secret/);
  });

  it.each([
    'http://127.0.0.1/a',
    'http://127.1/a',
    'http://2130706433/a',
    'http://0x7f.1/a',
    'http://0177.1/a',
    'http://0/a',
    'http://[::1]/a',
    'http://[::ffff:127.0.0.1]/a',
    'http://169.254.169.254/latest/meta-data',
    'http://10.0.0.1/a',
    'http://192.168.1.1/a',
    'http://100.64.0.1/a',
    'http://[fd00::1]/a',
    'http://localhost/a',
    'http://git.localhost/a',
    'http://metadata.google.internal/a',
    'https://git.example.com:25/a',
    '/srv/a.git',
    'file:///srv/a.git',
  ])('%s needs to be allowed', (text) => {
    expect(() => parseRemoteUrl(text, strict)).toThrow(/allow|port/);
    expect(parseRemoteUrl(text, open).display).toContain('a');
  });
});

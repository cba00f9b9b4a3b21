import { describe, expect, it } from '@jest/globals';
import { parseUpstreamUrl } from './upstream-url.ts';

describe('parseUpstreamUrl', () => {
  it.each([
    ['http://a.internal:8080', { scheme: 'http', host: 'a.internal', port: 8080 }],
    ['http://a/', { scheme: 'http', host: 'a', port: 80 }],
    ['HTTPS://API.Example.com', { scheme: 'https', host: 'api.example.com', port: 443 }],
    ['http://127.0.0.1:9', { scheme: 'http', host: '127.0.0.1', port: 9 }],
    ['http://[::1]:9', { scheme: 'http', host: '::1', port: 9 }],
    ['http://my_service:80', { scheme: 'http', host: 'my_service', port: 80 }],
  ])('%s', (url, target) => {
    expect(parseUpstreamUrl(url)).toEqual(target);
  });

  it.each([
    ['', 'no scheme'],
    ['petstore:8080', 'no scheme'],
    ['not a url', 'no scheme'],
    ['ftp://a', 'scheme `ftp`'],
    ['http://', 'names no host'],
    ['http://:80', 'names no host'],
    ['http://a:80800', 'port `80800`'],
    ['http://a:b', 'port `b`'],
    ['http://a:0', 'port 0'],
    ['http://a b', 'white space'],
    ['http://a\nserver evil', 'white space'],
    ['http://a\\b', 'backslash'],
    ['http://user:secret@a', 'credentials'],
    ['http://a/path', 'the path `/path`'],
    ['http://a?x=1', 'a query'],
    ['http://a..b', 'host name that is none'],
    ['http://${host}:80', 'host'],
  ])('refuses %j', (url, problem) => {
    expect(parseUpstreamUrl(url)).toEqual({ problem: expect.stringContaining(problem), hint: expect.any(String) });
  });
});

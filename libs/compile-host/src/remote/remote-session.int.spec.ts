import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { redirectTo, useWebServer } from '@gitway/testing';
import { type AllowedHost, parseAllowedHost } from './allowed-host.ts';
import { defaultRemoteLimits, type RemoteLimits, RemoteSession } from './remote-session.ts';

const server = useWebServer();
const other = useWebServer();

const session = (limits: Partial<RemoteLimits> = {}, hosts = [`http://${server.host()}`]) =>
  new RemoteSession(
    hosts.map((text) => parseAllowedHost(text) as AllowedHost),
    { ...defaultRemoteLimits, ...limits },
  );
const take = (path: string, limits: Partial<RemoteLimits> = {}, hosts?: string[]) =>
  session(limits, hosts).take(server.url(path));
const unreachable = (reason: RegExp) => ({ unreachable: expect.stringMatching(reason) as unknown as string });

describe('a file of an allowed host', () => {
  it('is fetched once, with no credentials, and its failure is an answer too', async () => {
    server.answer({ '/a.yaml': 'a: 1\n' });
    const one = session();
    const [first, second] = await Promise.all([one.take(server.url('/a.yaml')), one.take(server.url('/a.yaml'))]);
    expect(first).toEqual({ bytes: Buffer.from('a: 1\n') });
    expect(second).toBe(first);
    expect(await one.take(server.url('/none'))).toEqual({ unreachable: 'it answered 404' });
    server.answer({ '/none': 'a: 1\n' });
    expect(await one.take(server.url('/none'))).toEqual({ unreachable: 'it answered 404' });
    expect(server.paths()).toEqual(['/a.yaml', '/none']);
    const { headers } = server.asked[0]!;
    expect([headers.authorization, headers.cookie, headers.referer]).toEqual([undefined, undefined, undefined]);
  });

  it('may move within allowed hosts', async () => {
    server.answer({ '/a.yaml': redirectTo('b.yaml'), '/b.yaml': redirectTo(other.url('/c.yaml'), 308) });
    other.answer({ '/c.yaml': 'c: 1\n' });
    const both = [`http://${server.host()}`, `http://${other.host()}`];
    expect(await take('/a.yaml', {}, both)).toEqual({ bytes: Buffer.from('c: 1\n') });
  });

  it('is tried once more where that may help', async () => {
    let times = 0;
    server.answer({
      '/busy': (_, response) => void response.writeHead(++times === 1 ? 503 : 200).end('a: 1\n'),
      '/broken': (request) => void request.socket.destroy(),
    });
    expect(await take('/busy')).toEqual({ bytes: Buffer.from('a: 1\n') });
    expect(await take('/broken')).toEqual({ unreachable: 'it broke the connection' });
    expect(server.paths()).toEqual(['/busy', '/busy', '/broken', '/broken']);
  });
});

describe('a hostile server', () => {
  it.each([
    ['to a host that is not allowed', () => other.url('/a.yaml'), /leads to `127\.0\.0\.1:\d+`, which is not allowed/],
    ['to a metadata service', () => 'http://169.254.169.254/latest', /leads to `169\.254\.169\.254`, which is not/],
    ['to another scheme', () => 'file:///etc/passwd', /no https URL/],
    ['to data', () => 'data:text/yaml,a', /no https URL/],
    ['with credentials', () => `http://me:secret@${server.host()}/`, /credentials/],
    ['to nothing', () => 'http://', /no https URL/],
    ['round in a circle', () => '/a.yaml', /leads on more than 5 times/],
  ])('cannot lead %s', async (_, location, reason) => {
    server.answer({ '/a.yaml': redirectTo(location()) });
    expect(await take('/a.yaml')).toEqual(unreachable(reason));
    expect(other.asked).toEqual([]);
  });

  it('cannot hold anybody up: not before it answers, and not drop by drop', async () => {
    server.answer({
      '/silent': () => undefined,
      '/slow': (_, response) => {
        response.write('a: 1\n');
      },
    });
    for (const path of ['/silent', '/slow']) {
      expect(await take(path, { timeoutMs: 200 })).toEqual({ unreachable: 'it did not answer within 0.2 s' });
      expect(await take(path, { totalMs: 200 })).toEqual(unreachable(/took too long together/));
    }
  });

  it('cannot send more than is taken, whatever it says of the length', async () => {
    const large = `a: ${'x'.repeat(5_000)}\n`;
    server.answer({
      '/said': (_, response) => void response.writeHead(200, { 'content-length': large.length }).end(large),
      '/unsaid': (_, response) => void response.write(large, () => response.end()),
      '/headers': (_, response) => void response.writeHead(200, { 'x-a': 'x'.repeat(20_000) }).end('a: 1\n'),
    });
    expect(await take('/said', { maxBytes: 1_000 })).toEqual(unreachable(/larger than/));
    expect(await take('/unsaid', { maxBytes: 1_000 })).toEqual(unreachable(/larger than/));
    expect(await take('/headers')).toEqual(unreachable(/cannot be read \(HPE_HEADER_OVERFLOW\)/));
  });

  it('cannot send too many, or too much together', async () => {
    server.answer({ '/a': 'a: 1\n', '/b': 'b: 1\n', '/c': 'c: 1\n' });
    const few = session({ maxFiles: 2 });
    const many = await Promise.all(['/a', '/b', '/c'].map((path) => few.take(server.url(path))));
    expect(many.map((file) => 'bytes' in file)).toEqual([true, true, false]);
    expect(many[2]).toEqual(unreachable(/more than 2 files/));
    const little = session({ maxTotalBytes: 6 });
    expect(await little.take(server.url('/a'))).toHaveProperty('bytes');
    expect(await little.take(server.url('/b'))).toEqual(unreachable(/together/));
  });

  it.each([
    ['HTML', '\uFEFF \n<!DOCTYPE html><html></html>', /HTML or XML/],
    ['nothing', ' \n', /empty/],
  ])('cannot pass off %s as a document', async (_, content, reason) => {
    server.answer({ '/a.yaml': content });
    expect(await take('/a.yaml')).toEqual(unreachable(reason));
  });

  it('cannot leave anybody without an answer, whatever it does with the connection', async () => {
    server.answer({
      '/switched': (request) =>
        void request.socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
      '/cut': (request) => void request.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\na: 1\n'),
      '/hinted': (request) =>
        void request.socket.end(
          `${'HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n'.repeat(100)}HTTP/1.1 204 No Content\r\n\r\n`,
        ),
      '/nonsense': (request) => void request.socket.end('\0\0\0 nothing of HTTP\r\n\r\n'),
    });
    const found = await Promise.all(['/switched', '/cut', '/hinted', '/nonsense'].map((path) => take(path)));
    expect(found.map((file) => 'unreachable' in file)).toEqual([true, true, true, true]);
  });

  it('cannot send a bomb: nothing is unpacked', async () => {
    server.answer({
      '/a': (_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a: 1\n')),
    });
    expect(await take('/a')).toEqual(unreachable(/compressed/));
    expect(server.asked[0]!.headers['accept-encoding']).toBe('identity');
  });
});

describe('a name', () => {
  const atPort = (host: string) => session({}, [host]).take(`http://localhost:${server.port()}/a.yaml`);

  it('that leads to this machine or a private network is connected to only where it was named with its port', async () => {
    server.answer({ '/a.yaml': 'a: 1\n' });
    expect(await session({}, ['http://localhost']).take('http://localhost/a.yaml')).toEqual(
      unreachable(/localhost leads to an address that is not public; .* has to allow it with its port/),
    );
    expect(server.asked).toEqual([]);
    expect(await atPort(`http://localhost:${server.port()}`)).toHaveProperty('bytes');
  });

  it('that leads to a metadata service is connected to never, not as an address either', async () => {
    const host = 'http://169.254.169.254:80';
    expect(await session({}, [host]).take('http://169.254.169.254/latest')).toEqual(unreachable(/not public/));
  });

  it('that is no name is unreachable', async () => {
    expect(await session({}, ['http://nowhere.invalid']).take('http://nowhere.invalid/a')).toEqual({
      unreachable: 'its name does not resolve',
    });
  });

  it('speaks https where it was not allowed to speak http', async () => {
    expect(session({}, [server.host()]).allows(server.url('/a.yaml'))).toBe(false);
    expect(await session({}, [server.host()]).take(`https://${server.host()}/a.yaml`)).toEqual(
      unreachable(/no safe connection/),
    );
  });
});

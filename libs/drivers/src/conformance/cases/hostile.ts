import type { CallStep, ConformanceCase } from '../case.ts';
import { call, get, keyAuth, reaches, refused } from './shorthand.ts';

/** Bytes on a connection that is ended behind them; upstreams must not see a second request in them. */
const raw = (bytes: string, times: 0 | 1): CallStep => ({
  send: { raw: bytes },
  expect: times === 0 ? { upstream: null } : { upstream: { times } },
});
const post = (headers: string, body: string) =>
  `POST /first/{{call}} HTTP/1.1\r\nHost: {{host}}\r\n${headers}\r\n${body}`;
const smuggled = 'GET /second/{{call}} HTTP/1.1\r\nHost: {{host}}\r\n\r\n';
const nested = {
  apis: {
    open: { route: { basePath: '/a' }, pools: [{ to: ['a' as const] }] },
    closed: { route: { basePath: '/a/secret' }, pools: [{ to: ['b' as const] }], policy: { auth: keyAuth } },
  },
};

/** Requests that were made to be misread. */
export const hostile: readonly ConformanceCase[] = [
  {
    id: 'smuggle-two-lengths',
    shows: 'refuses a body with two lengths, or with a length and chunks',
    covers: [],
    api: {},
    steps: [
      raw(post('Content-Length: 5\r\nContent-Length: 6\r\n', `hello${smuggled}`), 0),
      raw(post('Content-Length: 5, 6\r\n', `hello${smuggled}`), 0),
      raw(post(`Content-Length: 4\r\nTransfer-Encoding: chunked, identity\r\n`, `0\r\n\r\n${smuggled}`), 0),
      raw(post('Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${smuggled}`), 0),
      raw(post('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${smuggled}`), 0),
      raw(post('Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n', `0\r\n\r\n${smuggled}`), 0),
      raw(post('Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${smuggled}`), 0),
      raw(post('Transfer-Encoding:\u000bchunked\r\n', `0\r\n\r\n${smuggled}`), 0),
    ],
  },
  {
    id: 'smuggle-lengths-odd',
    shows: 'refuses lengths that are no plain number',
    covers: [],
    api: {},
    steps: ['-1', '+5', '0x5', '5 5', '5;', '', '99999999999999999999', '1e1', '٥'].map((length) =>
      raw(post(`Content-Length: ${length}\r\n`, `hello`), 0),
    ),
  },
  {
    id: 'smuggle-chunks',
    shows: 'refuses chunks of an odd size',
    covers: [],
    api: {},
    steps: ['-5', '0x5', 'g', '5 5', '', '+5', 'FFFFFFFFFFFFFFFF5'].map((size) => ({
      send: { raw: post('Transfer-Encoding: chunked\r\n', `${size}\r\nhello\r\n0\r\n\r\n${smuggled}`) },
      expect: { status: 400 },
    })),
  },
  {
    id: 'head-malformed',
    shows: 'refuses a head that is no HTTP',
    covers: [],
    api: {},
    steps: [
      'GET /{{call}} HTTP/1.1\r\nHost: {{host}}\r\n folded: yes\r\n\r\n',
      'GET /{{call}} HTTP/1.1\r\nHost: {{host}}\r\nNo colon\r\n\r\n',
      'GET /{{call}} HTTP/1.1\r\nHost: {{host}}\r\n: empty\r\n\r\n',
      'GET /{{call}} HTTP/1.1\r\nHost: {{host}}\r\nSp ace: x\r\n\r\n',
      'GET /{{call}} HTTP/1.1\r\nHost : {{host}}\r\n\r\n',
      'GET /{{call}} HTTP/1.1\r\nHost: {{host}}\r\nX-Nul: a\u0000b\r\n\r\n',
      'GET /{{call}} HTTP/1.1x\r\nHost: {{host}}\r\n\r\n',
      'GET /{{call}} x HTTP/1.1\r\nHost: {{host}}\r\n\r\n',
      'G(T /{{call}} HTTP/1.1\r\nHost: {{host}}\r\n\r\n',
      '{{call}}\r\n\r\n',
      `GET /{{call}} HTTP/1.1\r\nHost: {{host}}\r\nX-Large: ${'x'.repeat(40_000)}\r\n\r\n`,
    ].map((bytes) => raw(bytes, 0)),
  },
  {
    id: 'head-odd',
    shows: 'never passes more than one request on for one',
    covers: [],
    api: {},
    steps: [
      raw('GET /{{call}} HTTP/1.1\nHost: {{host}}\n\n', 1),
      raw('\r\n\r\nGET /{{call}} HTTP/1.1\r\nHost: {{host}}\r\n\r\n', 1),
      raw('GET /{{call}} HTTP/1.0\r\nHost: {{host}}\r\n\r\n', 1),
      raw(post('Content-Length: 5\r\nConnection: close\r\n', 'hello'), 1),
      raw(
        post('Transfer-Encoding: chunked\r\nConnection: close\r\n', '5;x=y\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n'),
        1,
      ),
    ],
  },
  {
    id: 'target-forms',
    shows: 'takes a path, or a whole URL of the same host as its path, and nothing else',
    covers: [],
    api: {},
    steps: [
      {
        send: { raw: 'GET http://{{host}}/x?{{call}} HTTP/1.1\r\nHost: {{host}}\r\n\r\n' },
        expect: reaches({ path: { like: '^/x\\?' } }),
      },
      raw('GET http://other.test/{{call}} HTTP/1.1\r\nHost: {{host}}\r\n\r\n', 0),
      raw('OPTIONS * HTTP/1.1\r\nHost: {{host}}\r\nX-Mark: {{call}}\r\n\r\n', 0),
      raw('CONNECT {{host}}:80 HTTP/1.1\r\nHost: {{host}}\r\nX-Mark: {{call}}\r\n\r\n', 0),
      raw('GET x/{{call}} HTTP/1.1\r\nHost: {{host}}\r\n\r\n', 0),
      raw('GET ftp://{{host}}/{{call}} HTTP/1.1\r\nHost: {{host}}\r\n\r\n', 0),
    ],
  },
  {
    id: 'path-climbs',
    shows: 'refuses paths that climb, however they are written',
    covers: [],
    api: { route: { basePath: '/a' } },
    steps: [
      ...[
        '/a/../b',
        '/a/..',
        '/a/.',
        '/a/./b',
        '/a/%2e%2e/b',
        '/a/.%2e/b',
        '/a/%2E%2E',
        '/a/..%2fb',
        '/a/..;/b',
        '/a/..;x=y/b',
        '/a/%252e%252e/b',
        '/a/\\..\\b',
        '/a/%5c..',
      ].map((path) => get(path, refused(400))),
      ...['/a/..b', '/a/b..', '/a/...', '/a/.b'].map((path) => get(path, reaches({ path: path.slice(2) }))),
    ],
  },
  {
    id: 'path-encodings',
    shows: 'refuses paths with broken, doubled or overlong encodings and null bytes',
    covers: [],
    api: {},
    steps: ['/%', '/%2', '/%zz', '/%00', '/x%00.html', '/%c0%ae', '/%c1%9c', '/%e0%80%af', '/%252f'].map((path) =>
      get(path, { upstream: null, status: 400 }),
    ),
  },
  {
    id: 'path-nested-api',
    shows: "leads nobody to a closed API's path by an odd spelling of it",
    covers: ['api policy.auth.kind'],
    ...nested,
    consumers: { alice: {} },
    steps: [
      get('/a/secret', refused(401)),
      get('/a/secret/x', reaches({ name: 'b', path: '/x' }), { as: 'alice' }),
      ...[
        '/a/%73ecret',
        '/a//secret',
        '/a/;/secret',
        '/a/secret;x',
        '/a/secret%2fx',
        '/a/x/../secret',
        '//a/secret',
        '/a/secret%3fx',
        '/a/%2fsecret',
        '/a/secret%00',
        '/a/secret%23',
      ].map((path) => get(path, { upstream: null })),
      get('/a/secrets', reaches({ name: 'a', path: '/secrets' })),
    ],
  },
  {
    id: 'path-unchanged',
    shows: 'passes a path on byte for byte where it is plain in meaning',
    covers: [],
    api: { route: { basePath: '/a' } },
    steps: [
      '/pets/x%20y',
      '/files/b;v=1',
      '//x',
      '/url/https%3A%2F%2Fx',
      '/%7Ex',
      '/x%2fy',
      '/x+y',
      "/!$&'()*,:=@",
    ].map((path) => get(`/a${path}`, reaches({ path }))),
  },
  {
    id: 'hop-headers',
    shows: 'lets a client take no header away, and change no protocol',
    covers: [],
    api: { policy: { auth: keyAuth } },
    consumers: { alice: {} },
    steps: [
      get('/x', reaches({ headers: { 'x-gitway-consumer': '{{consumer.alice}}' } }), {
        as: 'alice',
        headers: { connection: 'close, x-gitway-consumer, x-forwarded-for' },
      }),
      get('/x', reaches({ headers: { upgrade: null, 'http2-settings': null } }), {
        as: 'alice',
        headers: {
          upgrade: 'h2c',
          'http2-settings': 'AAMAAABkAAQCAAAAAAIAAAAA',
          connection: 'Upgrade, HTTP2-Settings',
        },
      }),
      get('/x', reaches({ headers: { 'keep-alive': null, 'proxy-connection': null } }), {
        as: 'alice',
        headers: { 'keep-alive': 'timeout=5', 'proxy-connection': 'keep-alive' },
      }),
    ],
  },
  {
    id: 'forwarding-headers',
    shows: 'says itself where a call comes from',
    covers: [],
    api: {},
    steps: [
      get(
        '/x',
        reaches({
          headers: {
            'x-forwarded-for': '127.0.0.9',
            forwarded: null,
            'x-real-ip': null,
            'x-original-url': null,
            'x-rewrite-url': null,
            'x-forwarded-host': null,
            x_forwarded_for: null,
          },
        }),
        {
          from: '127.0.0.9',
          headers: {
            'X-Forwarded-For': '192.0.2.1',
            Forwarded: 'for=192.0.2.1',
            'X-Real-IP': '192.0.2.1',
            'X-Original-URL': '/admin',
            'X-Rewrite-URL': '/admin',
            'X-Forwarded-Host': 'other.test',
            X_Forwarded_For: '192.0.2.1',
          },
        },
      ),
    ],
  },
  {
    id: 'request-ids',
    shows: 'keeps a sound request id and trace, and makes them where there are none',
    covers: [],
    api: {},
    steps: [
      get(
        '/x',
        { ...reaches({ headers: { 'x-request-id': 'mine-1' } }), headers: { 'x-request-id': 'mine-1' } },
        { headers: { 'x-request-id': 'mine-1' } },
      ),
      ...['a b', 'x'.repeat(500), '<script>', 'a"b'].map((id) =>
        get(
          '/x',
          {
            ...reaches({ headers: { 'x-request-id': { like: '^[0-9a-f-]{36}$' } } }),
            headers: { 'x-request-id': { like: '^[0-9a-f-]{36}$' } },
          },
          {
            headers: { 'x-request-id': id },
          },
        ),
      ),
      get(
        '/x',
        reaches({
          headers: {
            'x-request-id': { like: '^[0-9a-f-]{36}$' },
            traceparent: { like: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' },
          },
        }),
      ),
      get('/x', reaches({ headers: { traceparent: { like: '^00-a{32}-' } } }), {
        headers: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
      }),
      get('/x', reaches({ headers: { traceparent: { like: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' } } }), {
        headers: { traceparent: 'nonsense' },
      }),
    ],
  },
  {
    id: 'key-odd',
    shows: 'is let in by no odd spelling of a key',
    covers: [],
    api: { policy: { auth: { kind: 'apiKey', header: 'X-Api-Key', bearer: true, query: 'api_key' } } },
    consumers: { alice: {} },
    steps: [
      ...[
        "' OR '1'='1",
        '*',
        '%2A',
        '../../',
        '\u0001',
        'a,b',
        '{{key.alice}},x',
        'x,{{key.alice}}',
        '{{key.alice}}\u0000',
      ].map((key) => get('/x', { upstream: null }, { headers: { 'x-api-key': key } })),
      get('/x', { upstream: null }, { headers: { 'x-api-key': ['nobody', '{{key.alice}}'] } }),
      call('GET /x?api_key=nobody&api_key={{key.alice}}', { upstream: null }),
    ],
  },
];

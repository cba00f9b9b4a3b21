import type { ConformanceCase } from '../case.ts';
import { call, get, keyAuth, reaches, refused, withPolicy } from './shorthand.ts';

const part = (name: string) => `api policy.${name}`;
const denied = { upstream: null, problem: true } as const;

/** Who and what is kept out. */
export const protection: readonly ConformanceCase[] = [
  {
    id: 'ip-allow',
    shows: 'lets in the addresses that are allowed alone',
    covers: [part('ip.allow')],
    api: withPolicy({ ip: { allow: ['127.0.0.8/30', '192.0.2.0/24'] } }),
    steps: [
      get('/x', reaches({}), { from: '127.0.0.9' }),
      get('/x', reaches({}), { from: '127.0.0.11' }),
      get('/x', refused(403), { from: '127.0.0.12' }),
      get('/x', refused(403), { from: '127.0.0.12', headers: { 'x-forwarded-for': '127.0.0.9' } }),
    ],
  },
  {
    id: 'ip-deny',
    shows: 'keeps out the addresses that are denied, allowed or not',
    covers: [part('ip.deny')],
    api: withPolicy({ ip: { allow: ['127.0.0.0/8'], deny: ['127.0.0.9/32'] } }),
    steps: [get('/x', refused(403), { from: '127.0.0.9' }), get('/x', reaches({}), { from: '127.0.0.10' })],
  },
  {
    id: 'ip-before-keys',
    shows: 'keeps an address out whatever key it has',
    covers: [part('ip.deny')],
    api: withPolicy({ auth: keyAuth, ip: { deny: ['127.0.0.9/32'] } }),
    consumers: { alice: {} },
    steps: [get('/x', refused(403), { from: '127.0.0.9', as: 'alice' }), get('/x', reaches({}), { as: 'alice' })],
  },
  {
    id: 'body-size',
    shows: 'refuses bodies that are too large, whether they say so or not',
    covers: [part('request.bodyBytes')],
    api: withPolicy({ request: { bodyBytes: 1000 } }),
    steps: [
      call('POST /x', reaches({ body: { like: '^x{1000}$' } }), { body: 'x'.repeat(1000) }),
      call('POST /x', refused(413), { body: 'x'.repeat(1001) }),
      call('POST /x', { upstream: null }, { headers: { 'content-length': '5000000' }, body: 'x' }),
      call('POST /x', { status: 413, upstream: null }, { http: '2', body: 'x'.repeat(5000) }),
      get('/x', reaches({})),
    ],
  },
  {
    id: 'url-size',
    shows: 'refuses paths and queries that are too long',
    covers: [part('request.urlBytes')],
    api: withPolicy({ request: { urlBytes: 100 } }),
    steps: [
      get(`/${'x'.repeat(99)}`, reaches({})),
      get(`/${'x'.repeat(100)}`, refused(414)),
      get(`/x?${'y'.repeat(100)}`, refused(414)),
    ],
  },
  {
    id: 'headers-size',
    shows: 'refuses headers that are too large together',
    covers: [part('request.headersBytes')],
    api: withPolicy({ request: { headersBytes: 1000 } }),
    steps: [
      get('/x', reaches({}), { headers: { 'x-large': 'x'.repeat(500) } }),
      get('/x', refused(431), { headers: { 'x-large': 'x'.repeat(1000) } }),
    ],
  },
  {
    id: 'headers-count',
    shows: 'refuses too many headers',
    covers: [part('request.headerCount')],
    api: withPolicy({ request: { headerCount: 20 } }),
    steps: [
      get('/x', reaches({}), { headers: { 'x-many': Array.from({ length: 10 }, () => 'x') } }),
      get('/x', refused(431), { headers: { 'x-many': Array.from({ length: 30 }, () => 'x') } }),
    ],
  },
  {
    id: 'content-types',
    shows: 'takes bodies of the media types that are named alone',
    covers: [part('request.contentTypes')],
    api: withPolicy({ request: { contentTypes: ['application/json', 'image/*'] } }),
    steps: [
      ...['application/json', 'Application/JSON; charset=utf-8', 'image/png'].map((type) =>
        call('POST /x', reaches({ body: '{}' }), { body: '{}', headers: { 'content-type': type } }),
      ),
      ...['text/plain', 'application/jsonp', 'application/json-patch+json', 'imagery/png', ''].map((type) =>
        call('POST /x', refused(415), { body: '{}', headers: { 'content-type': type } }),
      ),
      call('POST /x', refused(415), { body: '{}' }),
      get('/x', reaches({})),
    ],
  },
  {
    id: 'deny-patterns',
    shows: 'refuses what matches a pattern in path, query or header',
    covers: [
      part('threatProtection.deny.in'),
      part('threatProtection.deny.pattern'),
      part('threatProtection.deny.name'),
    ],
    api: withPolicy({
      threatProtection: {
        deny: [
          { in: 'path', pattern: '\\.(php|asp)$' },
          { in: 'query', name: 'q', pattern: '(?i)union\\s+select' },
          { in: 'header', name: 'user-agent', pattern: '^sqlmap' },
        ],
      },
    }),
    steps: [
      get('/x', reaches({})),
      get('/index.php', denied),
      get('/index.phpx', reaches({})),
      get('/x?q=UNION%20select', denied),
      get('/x?q=1+union+%20select', denied),
      get('/x?p=union%20select', reaches({})),
      get('/x', denied, { headers: { 'user-agent': 'sqlmap/1.0' } }),
      get('/x', reaches({}), { headers: { 'x-other': 'sqlmap/1.0' } }),
    ],
  },
  {
    id: 'deny-patterns-body',
    shows: 'refuses what matches a pattern in the body',
    covers: [part('threatProtection.deny.in')],
    api: withPolicy({ threatProtection: { deny: [{ in: 'body', pattern: '<script' }] } }),
    steps: [
      call('POST /x', reaches({ body: 'script' }), { body: 'script' }),
      call('POST /x', denied, { body: 'a <script> b' }),
    ],
  },
  {
    id: 'waf',
    shows: 'runs a web application firewall, to see or to refuse',
    covers: [part('threatProtection.waf.mode'), part('threatProtection.waf.paranoia')],
    api: withPolicy({ threatProtection: { waf: { mode: 'block', paranoia: 2 } } }),
    steps: [get('/x', reaches({})), get("/x?id=1'%20OR%20'1'='1", denied)],
  },
  {
    id: 'waf-detect',
    shows: 'lets a firewall see and refuse nothing where that is asked for',
    covers: [],
    api: withPolicy({ threatProtection: { waf: { mode: 'detect', paranoia: 1 } } }),
    steps: [get("/x?id=1'%20OR%20'1'='1", reaches({}))],
  },
  {
    id: 'bans',
    shows: 'shuts out an address that was refused too often, and lets it in again',
    covers: [
      part('threatProtection.bans.refused'),
      part('threatProtection.bans.withinMs'),
      part('threatProtection.bans.forMs'),
    ],
    alone: 'an address is shut out',
    api: withPolicy({
      auth: keyAuth,
      threatProtection: { bans: { refused: 5, withinMs: 60_000, forMs: 2000, by: 'ip' } },
    }),
    consumers: { alice: {} },
    steps: [
      { send: { line: 'GET /x', from: '127.0.0.8', as: 'alice' }, expect: 200 },
      { send: { line: 'GET /x', from: '127.0.0.8' }, times: 6, expect: { upstream: null } },
      get('/x', { upstream: null }, { from: '127.0.0.8', as: 'alice' }),
      get('/x', 200, { from: '127.0.0.9', as: 'alice' }),
      { send: { line: 'GET /x', from: '127.0.0.8', as: 'alice' }, until: true, expect: 200 },
    ],
  },
  {
    id: 'bans-consumer',
    shows: 'shuts out a consumer that was refused too often, wherever it calls from',
    covers: [part('threatProtection.bans.by')],
    alone: 'a consumer is shut out',
    api: {
      operations: ['read GET /x', 'admin GET /admin'],
      plans: ['reader'],
      planOperations: { reader: ['read'] },
      policy: {
        auth: keyAuth,
        threatProtection: { bans: { refused: 5, withinMs: 60_000, forMs: 60_000, by: 'consumer' } },
      },
    },
    plans: { reader: {} },
    consumers: { alice: { plans: ['reader'] }, bob: { plans: ['reader'] } },
    steps: [
      get('/x', 200, { as: 'alice' }),
      { send: { line: 'GET /admin', as: 'alice' }, times: 6, expect: { upstream: null } },
      get('/x', { upstream: null }, { from: '127.0.0.9', as: 'alice' }),
      get('/x', 200, { as: 'bob' }),
    ],
  },
];

import type { OperationPolicy } from '@gitway/contracts';
import type { ConformanceCase, Step } from '../case.ts';
import { call, day, get, reaches, refused } from './shorthand.ts';

const operations = ['one GET /one', 'oneAdd POST /one', 'two GET /two', 'twoAdd POST /two'];

/** An API whose operations `one` and `oneAdd` have a policy of their own, and `two` and `twoAdd` have not. */
const differs = (
  field: keyof OperationPolicy,
  shows: string,
  policy: OperationPolicy,
  steps: readonly Step[],
): ConformanceCase => ({
  id: `operation-${field.toLowerCase()}`,
  shows: `${shows} for one operation and not for another`,
  covers: [`api policy.operations.${field}`],
  api: { operations, policy: { operations: { one: policy, oneAdd: policy } } },
  steps,
});

/** Each part of a policy that may differ by operation. */
export const perOperation: readonly ConformanceCase[] = [
  differs('quotas', 'counts by calendar', { quotas: [{ requests: 1, per: 'month', by: 'ip' }] }, [
    { send: 'GET /one', sequence: [200, 429] },
    { send: 'GET /two', sequence: [200, 200, 200] },
  ]),
  differs(
    'concurrency',
    'counts what is under way',
    { concurrency: { requests: 1, by: 'api', queue: 0, queueTimeoutMs: 1000 } },
    [
      { send: 'GET /one', times: 3, atOnce: 3, upstream: { afterAnswers: 2 }, counts: { 200: 1, 429: 2 } },
      { send: 'GET /two', times: 3, atOnce: 3, expect: 200 },
    ],
  ),
  differs('request', 'refuses large bodies', { request: { bodyBytes: 10 } }, [
    call('POST /one', refused(413), { body: 'x'.repeat(11) }),
    call('POST /two', reaches({ body: 'x'.repeat(11) }), { body: 'x'.repeat(11) }),
  ]),
  differs('retries', 'tries again', { retries: { attempts: 1, on: ['503'], methods: ['GET'] } }, [
    { ...get('/one', { status: 200, upstream: { times: 2 } }), upstream: [{ status: 503 }, {}] },
    { ...get('/two', { status: 503, upstream: { times: 1 } }), upstream: [{ status: 503 }, {}] },
  ]),
  differs(
    'cors',
    'allows an origin',
    {
      cors: {
        origins: ['https://shop.test'],
        methods: ['GET'],
        headers: [],
        exposeHeaders: [],
        credentials: false,
        maxAgeMs: 1000,
      },
    },
    [
      get(
        '/one',
        { status: 200, headers: { 'access-control-allow-origin': 'https://shop.test' } },
        { headers: { origin: 'https://shop.test' } },
      ),
      get(
        '/two',
        { status: 200, headers: { 'access-control-allow-origin': null } },
        { headers: { origin: 'https://shop.test' } },
      ),
    ],
  ),
  differs(
    'headers',
    'sets headers',
    { headers: { request: { set: { 'x-own': 'one' } }, response: { set: { 'x-back': 'one' } } } },
    [
      get('/one', { ...reaches({ headers: { 'x-own': 'one' } }), headers: { 'x-back': 'one' } }),
      get('/two', { ...reaches({ headers: { 'x-own': null } }), headers: { 'x-back': null } }),
    ],
  ),
  differs('ip', 'keeps addresses out', { ip: { deny: ['127.0.0.9/32'] } }, [
    get('/one', refused(403), { from: '127.0.0.9' }),
    get('/two', reaches({}), { from: '127.0.0.9' }),
  ]),
  differs(
    'cache',
    'keeps answers',
    { cache: { ttlMs: day, methods: ['GET'], statuses: [200], vary: [], maxBodyBytes: 1000 } },
    [
      { send: 'GET /one', until: true, expect: { status: 200, upstream: null } },
      { send: 'GET /two', times: 3, expect: { status: 200, upstream: { times: 1 } } },
    ],
  ),
  differs(
    'maintenance',
    'answers with a maintenance',
    { maintenance: { status: 503, message: 'Not now.', allow: [] } },
    [get('/one', refused(503)), get('/two', reaches({}))],
  ),
  differs('threatProtection', 'refuses patterns', { threatProtection: { deny: [{ in: 'query', pattern: 'evil' }] } }, [
    get('/one?x=evil', { upstream: null, problem: true }),
    get('/one?x=good', reaches({})),
    get('/two?x=evil', reaches({})),
  ]),
];

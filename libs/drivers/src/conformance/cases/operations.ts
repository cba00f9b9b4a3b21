import type { ConformanceCase } from '../case.ts';
import { call, get, keyAuth, reaches, refused, withPolicy } from './shorthand.ts';

const only = 'api route.onlyDeclaredOperations';
const pets = [
  'listPets GET /pets',
  'addPet POST /pets',
  'getPet GET /pets/{id}',
  'mine GET /pets/mine',
  'deletePet DELETE /pets/{id}',
];
const declared = { route: { onlyDeclaredOperations: true }, operations: pets } as const;
const allows = (...methods: string[]) => ({
  headers: { allow: { like: `^(?=.*\\b${methods.join('\\b)(?=.*\\b')}\\b)[A-Z, ]+$` } },
});

/** What OpenAPI declares, and what differs by operation. */
export const operations: readonly ConformanceCase[] = [
  {
    id: 'only-declared',
    shows: 'refuses paths and methods that OpenAPI does not declare: 404, or 405 with Allow',
    covers: [only, 'api operations.path', 'api operations.method'],
    api: declared,
    steps: [
      get('/pets', reaches({ path: '/pets' })),
      call('POST /pets', reaches({}), { body: '{}' }),
      get('/pets/7', reaches({ path: '/pets/7' })),
      get('/pets/7?x=/y', reaches({ path: '/pets/7?x=/y' })),
      call('DELETE /pets/7', reaches({})),
      call('PUT /pets', refused(405, allows('GET', 'POST'))),
      call('POST /pets/7', refused(405, allows('GET', 'DELETE'))),
      get('/dogs', refused(404)),
      get('/pets/7/toys', refused(404)),
      get('/', refused(404)),
    ],
  },
  {
    id: 'only-declared-base-path',
    shows: 'declares paths under the base path, kept or not',
    covers: [only],
    apis: {
      cut: { ...declared, route: { ...declared.route, basePath: '/cut' } },
      kept: { ...declared, route: { ...declared.route, basePath: '/kept', keepBasePath: true } },
    },
    steps: [
      get('/cut/pets', reaches({ path: '/pets' })),
      get('/kept/pets', reaches({ path: '/kept/pets' })),
      get('/cut/dogs', refused(404)),
      get('/kept/dogs', refused(404)),
      get('/cut', refused(404)),
    ],
  },
  {
    id: 'only-declared-tricks',
    shows: 'is not talked around by odd spellings of a path',
    covers: [only],
    api: { ...declared, operations: ['getPet GET /pets/{id}'] },
    steps: [
      '/pets/7/../../admin',
      '/pets/%2e%2e/admin',
      '/pets//admin',
      '/pets/7/',
      '//pets/7',
      '/pets/',
      '/pets/7%2fadmin',
      '/PETS/7',
      '/pets/7;/admin',
      '/pets/%00',
    ].map((path) => get(path, { upstream: null })),
  },
  {
    id: 'only-declared-without',
    shows: 'serves everything under the base path where declarations are not asked for',
    covers: [],
    api: { operations: pets },
    steps: [get('/dogs', reaches({ path: '/dogs' })), call('PUT /pets', reaches({ method: 'PUT' }))],
  },
  {
    id: 'operation-auth',
    shows: 'asks for a key at one operation and not at another',
    covers: ['api policy.operations.auth', 'api operations.id'],
    api: { operations: pets, policy: { operations: { addPet: { auth: keyAuth } } } },
    consumers: { alice: {} },
    steps: [
      get('/pets', reaches({})),
      call('POST /pets', refused(401)),
      call('POST /pets', reaches({}), { as: 'alice' }),
      call('POST /%70ets', { upstream: null }),
      call('POST //pets', { upstream: null }),
    ],
  },
  {
    id: 'operation-rate',
    shows: 'counts one operation by a limit of its own',
    covers: ['api policy.operations.rateLimits'],
    api: {
      operations: pets,
      policy: {
        rateLimits: [{ requests: 4, windowMs: 86_400_000, by: 'ip' }],
        operations: { deletePet: { rateLimits: [{ requests: 1, windowMs: 86_400_000, by: 'ip' }] } },
      },
    },
    steps: [
      { send: 'DELETE /pets/1', sequence: [200, 429] },
      { send: 'GET /pets', sequence: [200, 200, 200, 200, 429] },
      { send: 'DELETE /pets/2', sequence: [429] },
    ],
  },
  {
    id: 'operation-timeouts',
    shows: 'waits for one operation as long as it says',
    covers: ['api policy.operations.timeouts'],
    api: {
      operations: pets,
      policy: { operations: { getPet: { timeouts: { connectMs: 1000, requestMs: 300 } } } },
    },
    steps: [{ ...get('/pets/7', { status: 504 }), upstream: { act: 'hang' } }, get('/pets', 200)],
  },
  {
    id: 'plan-operations',
    shows: 'opens the operations of a plan and no others to its subscribers',
    covers: ['api planOperations'],
    api: {
      operations: pets,
      plans: ['reader', 'owner'],
      planOperations: { reader: ['listPets', 'getPet'] },
      policy: { auth: keyAuth },
    },
    plans: { reader: {}, owner: {} },
    consumers: { alice: { plans: ['reader'] }, bob: { plans: ['owner'] }, carol: { plans: ['reader', 'owner'] } },
    steps: [
      get('/pets', reaches({}), { as: 'alice' }),
      get('/pets/7', reaches({}), { as: 'alice' }),
      call('DELETE /pets/7', refused(403), { as: 'alice' }),
      call('DELETE /pets/7', reaches({}), { as: 'bob' }),
      call('DELETE /pets/7', reaches({}), { as: 'carol' }),
      call('DELETE /pets/%37', { upstream: null }, { as: 'alice' }),
    ],
  },
  {
    id: 'allow-methods',
    shows: 'takes no methods but those of the list: 405 with Allow',
    covers: ['api policy.allow.methods'],
    api: withPolicy({ allow: { methods: ['GET', 'POST'] } }),
    steps: [
      get('/x', reaches({})),
      call('POST /x', reaches({})),
      call('DELETE /x', refused(405, allows('GET', 'POST'))),
      call('PATCH /x', refused(405, allows('GET', 'POST'))),
    ],
  },
  {
    id: 'allow-operations',
    shows: 'takes no operations but those of the list',
    covers: ['api policy.allow.operations'],
    api: { operations: pets, policy: { allow: { operations: ['listPets', 'getPet'] } } },
    steps: [
      get('/pets', reaches({})),
      get('/pets/7', reaches({})),
      call('DELETE /pets/7', { upstream: null, problem: true }),
      call('POST /pets', { upstream: null, problem: true }),
      get('/dogs', { upstream: null, problem: true }),
    ],
  },
  {
    id: 'operation-trailing-slash',
    shows: "is not talked out of an operation's policy by a slash at the end",
    covers: ['api policy.operations.auth'],
    api: { operations: pets, policy: { operations: { addPet: { auth: keyAuth }, deletePet: { auth: keyAuth } } } },
    consumers: { alice: {} },
    steps: [
      call('POST /pets', reaches({}), { as: 'alice' }),
      ...['POST /pets/', 'POST /pets//', 'DELETE /pets/7/', 'DELETE /pets/7/?x', 'POST /pets/;x', 'POST /pets;x'].map(
        (line) => call(line, { upstream: null }),
      ),
      call('POST /pets/', reaches({ path: '/pets/' }), { as: 'alice' }),
      get('/pets/', reaches({ path: '/pets/' })),
    ],
  },
  {
    id: 'only-declared-final-slash',
    shows: 'takes a slash at the end for a part of the path where declarations are asked for',
    covers: ['api route.onlyDeclaredOperations'],
    api: {
      route: { onlyDeclaredOperations: true },
      operations: ['listPets GET /pets/', 'getPet GET /pets/{id}', 'listDogs GET /dogs'],
    },
    steps: [
      get('/pets/', reaches({ path: '/pets/' })),
      get('/pets', refused(404)),
      get('/pets/7', reaches({})),
      get('/pets/7/', refused(404)),
      get('/dogs', reaches({})),
      get('/dogs/', refused(404)),
      call('POST /pets/', refused(405)),
    ],
  },
  {
    id: 'operation-method-override',
    shows: "is not talked out of an operation's policy by a header that names another method",
    covers: [],
    api: { operations: pets, policy: { operations: { addPet: { auth: keyAuth } } } },
    steps: [
      call('POST /pets', { upstream: null }, { headers: { 'x-http-method-override': 'GET' } }),
      call('post /pets', { upstream: null }),
      call('HEAD /pets', { status: 200 }),
    ],
  },
];

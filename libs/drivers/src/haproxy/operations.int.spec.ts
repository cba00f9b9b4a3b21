import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiUnit } from '@gitway/contracts';
import { httpCall, startTestUpstream, tempDir, type TestUpstream, useHaproxy } from '@gitway/testing';
import { startGateway } from '../testing/start-gateway.ts';
import { aConsumer, aGateway, anApi, aPool, aShard, keyAuth, policyOf } from '../testing/units.ts';

const haproxy = useHaproxy();
const folder = tempDir();
let upstream: TestUpstream;
let port: number;

const operations = [
  ['listPets', 'get', '/pets'],
  ['addPet', 'post', '/pets'],
  ['getPet', 'get', '/pets/{id}'],
  ['deletePet', 'delete', '/pets/{id}'],
  ['myPet', 'get', '/pets/mine'],
  ['photo', 'get', '/pets/{id}/photo.{format}'],
  ['icon', 'get', '/pets/{id}/icon'],
  ['home', 'get', '/'],
  ['deep', 'get', '/a/{b}/c/d/e/{f}/g'],
  ['mineDeep', 'get', '/pets/mine/toys'],
  ['toy', 'put', '/pets/{id}/toys'],
].map(([id, method, path]) => ({ id, method, path })) as ApiUnit['operations'];

beforeAll(async () => {
  upstream = await startTestUpstream('pets');
  const pools = [aPool('stable', 100, [upstream.port])];
  const guarded = { auth: keyAuth };
  port = await startGateway(haproxy, folder.path(), [
    aGateway,
    anApi('pets', {
      pools,
      operations,
      route: { hosts: [], basePath: '/shop/v1', keepBasePath: false, onlyDeclaredOperations: true },
    }),
    anApi('mixed', { pools, operations, policy: policyOf({ operations: { deletePet: guarded, myPet: guarded } }) }),
    aShard([aConsumer('acme', 'acme-key')]),
  ]);
});
afterAll(() => upstream.close());

const call = (method: string, path: string, headers: Record<string, string> = {}) =>
  httpCall(port, path, headers, method);

describe('an API that serves only what it declares', () => {
  it.each([
    ['GET', '/shop/v1/pets', 200],
    ['POST', '/shop/v1/pets', 200],
    ['HEAD', '/shop/v1/pets', 200],
    ['GET', '/shop/v1/pets/7', 200],
    ['GET', '/shop/v1/pets/x%20y', 200],
    ['GET', '/shop/v1/pets/mine', 200],
    ['DELETE', '/shop/v1/pets/mine', 200],
    ['GET', '/shop/v1/pets/7/photo.png', 200],
    ['GET', '/shop/v1/pets/7/icon', 200],
    ['PUT', '/shop/v1/pets/7/toys', 200],
    ['PUT', '/shop/v1/pets/mine/toys', 200],
    ['GET', '/shop/v1', 200],
    ['GET', '/shop/v1/', 200],
    ['GET', '/shop/v1/a/1/c/d/e/2/g', 200],
    ['GET', '/shop/v1/pets/', 404],
    ['GET', '/shop/v1/pets/7/photo', 404],
    ['GET', '/shop/v1/pets/7/photo.', 404],
    ['GET', '/shop/v1/pets/7/8/9', 404],
    ['GET', '/shop/v1/a/1/c/d/e/2/g/h', 404],
    ['GET', '/shop/v1/a/1/c/d/e', 404],
    ['GET', '/shop/v1/Pets', 404],
    ['PATCH', '/shop/v1/pets', 405],
    ['OPTIONS', '/shop/v1/pets', 405],
    ['GET', '/shop/v1/pets/%6dine', 400],
    ['GET', '/shop/v1/pets/mine;x', 400],
    ['GET', '/shop/v1//pets', 400],
    ['GET', `/shop/v1/${'x/'.repeat(200)}`, 404],
  ])('%s %s → %i', async (method, path, status) => {
    expect((await call(method, path)).status).toBe(status);
  });

  it('names the methods that a path has', async () => {
    const answer = await call('PATCH', '/shop/v1/pets');
    expect(answer.headers['allow']).toBe('GET,HEAD,POST');
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'urn:gitway:problem:method-not-allowed', status: 405 });
  });
});

describe('an operation with a policy of its own', () => {
  it.each([
    ['GET', '/mixed/pets/7', 200],
    ['DELETE', '/mixed/pets/7', 401],
    ['GET', '/mixed/pets/mine', 401],
    ['DELETE', '/mixed/pets/mine', 401],
    ['GET', '/mixed/undeclared', 200],
  ])('%s %s → %i without a key', async (method, path, status) => {
    expect((await call(method, path)).status).toBe(status);
  });

  it('is open to who satisfies it', async () => {
    expect((await call('DELETE', '/mixed/pets/7', { 'x-api-key': 'acme-key' })).status).toBe(200);
  });

  it.each(['/mixed/pets/%6dine', '/mixed/pets//mine', '/mixed/pets/mine;x=1', '/mixed/pets/mine%3bx'])(
    'is not reached around: %s',
    async (path) => {
      expect([400, 401]).toContain((await call('GET', path)).status);
    },
  );
});

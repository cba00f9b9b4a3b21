import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthPolicy, EffectivePolicy } from '@gitway/contracts';
import {
  httpCall,
  startTestUpstream as startUpstream,
  tempDir,
  type TestUpstream as Upstream,
  useHaproxy,
} from '@gitway/testing';
import type { Provided, VerificationKey } from '../../../driver.ts';
import { startGateway } from '../../../testing/start-gateway.ts';
import {
  aToken,
  b64,
  ecKeys,
  goodClaims,
  ISSUER,
  jwtAuth,
  pemOf,
  rsaKeys,
  secondsFromNow,
} from '../../../testing/tokens.ts';
import { aConsumer, aGateway, anApi, aPlan, aPool, aShard, policyOf } from '../../../testing/units.ts';

const haproxy = useHaproxy();
const folder = tempDir();
const [first, second, stranger] = [rsaKeys(), rsaKeys(), rsaKeys()];
const curves = { ES256: ecKeys('P-256'), ES384: ecKeys('P-384'), ES512: ecKeys('P-521') };
const secret = Buffer.from('00ff00a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d0a20', 'hex');
const aKey = (id: string | null, pem: string, algorithm: string | null = null): VerificationKey => ({
  id,
  algorithm,
  key: { pem },
});
const provided: Provided = {
  version: '1',
  secrets: new Map(),
  keySets: new Map([
    [
      'https://id.example.com/jwks',
      [aKey('one', pemOf(first.publicKey)), aKey('two', pemOf(second.publicKey), 'RS256')],
    ],
    ['https://id.example.com/shared', [{ id: 's', algorithm: 'HS256', key: { secret } }]],
  ]),
};

/** What means something to HAProxy, and nothing here. */
const ODD = `https://x/'#$HOME%[src]{}||,)`;
let upstream: Upstream;
let port: number;

const withAuth = (name: string, auth: AuthPolicy, change: Partial<EffectivePolicy> = {}) =>
  anApi(name, { pools: [aPool('stable', 100, [upstream.port])], policy: policyOf({ auth, ...change }) });

beforeAll(async () => {
  upstream = await startUpstream('up');
  const pem = { pem: [pemOf(first.publicKey)] };
  const reading = { ...withAuth('scoped', jwtAuth()) };
  port = await startGateway(
    haproxy,
    folder.path(),
    [
      aGateway,
      withAuth('plain', jwtAuth({ clockSkewMs: 30_000 })),
      withAuth('pem', jwtAuth({ keys: { pem: [...pem.pem, pemOf(second.publicKey)] } })),
      withAuth('both', jwtAuth({ algorithms: ['RS256', 'HS256'], keys: pem })),
      withAuth('shared', jwtAuth({ algorithms: ['HS256'], keys: { jwksUri: 'https://id.example.com/shared' } })),
      withAuth('unknown-set', jwtAuth({ keys: { jwksUri: 'https://id.example.com/nothing' } })),
      ...Object.entries(curves).map(([name, { publicKey }]) =>
        withAuth(name.toLowerCase(), jwtAuth({ algorithms: [name], keys: { pem: [pemOf(publicKey)] } })),
      ),
      withAuth('any', jwtAuth({ anyCaller: true, audience: [] })),
      withAuth('cookie', jwtAuth({ header: null, cookie: 'session.id' })),
      withAuth('header', jwtAuth({ header: 'X-Token' })),
      withAuth('number', jwtAuth({ consumerClaim: 'app' })),
      withAuth(
        'odd',
        jwtAuth({
          issuer: ODD,
          audience: [`-x '#{ $HOME`],
          anyCaller: true,
          scopes: [`a'b,(`, '%[src]', '}'],
          claims: { x: ['-m', `it's`] },
        }),
      ),
      withAuth('roles', jwtAuth({ scopeClaim: 'realm_access.roles', scopes: ['reader'] })),
      withAuth('url', jwtAuth({ scopeClaim: 'https://example.com/scp', scopes: ['reader'] })),
      withAuth('claims', jwtAuth({ claims: { tier: ['gold', 'silver 2'], verified: ['true'] } })),
      {
        ...reading,
        operations: [
          { id: 'read', method: 'GET', path: '/pets' },
          { id: 'remove', method: 'DELETE', path: '/pets' },
          { id: 'health', method: 'GET', path: '/health' },
        ],
        policy: policyOf({
          auth: jwtAuth(),
          operations: {
            read: { auth: jwtAuth({ scopes: ['pets:read'] }) },
            remove: { auth: jwtAuth({ scopes: ['pets:read', 'pets:admin'] }) },
            health: { auth: { kind: 'none' } },
          },
        }),
      },
      { ...withAuth('planned', jwtAuth({ anyCaller: true })), plans: ['gold'] },
      aPlan('gold'),
      aShard([
        aConsumer('acme', 'k1', { plans: ['gold'], jwt: [{ issuer: ISSUER, claim: 'sub', value: 'acme-app' }] }),
        aConsumer('number', 'k2', { jwt: [{ issuer: ISSUER, claim: 'app', value: '12345678' }] }),
        aConsumer('bad', 'k3', { suspended: true, jwt: [{ issuer: ISSUER, claim: 'sub', value: 'bad-app' }] }),
      ]),
    ],
    { provided },
  );
});
afterAll(() => upstream.close());

const header = { alg: 'RS256', kid: 'one' };
const token = (claims: unknown = goodClaims(), head: Record<string, unknown> & { alg: string } = header) =>
  aToken(first.privateKey, head, claims);
const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

async function answer(path: string, headers: Record<string, string>, method = 'GET') {
  const { status, body, headers: got } = await httpCall(port, path, headers, method);
  const why = status >= 400 ? (JSON.parse(body) as { type: string }).type.replace('urn:gitway:problem:', '') : 'ok';
  return { status, why, challenge: got['www-authenticate'] ?? null };
}
const sent = () => upstream.seen.at(-1)?.headers ?? {};
const whyOf = async (value: string, path = '/plain') => {
  const { status, why } = await answer(path, bearer(value));
  return `${status} ${why}`;
};

describe('a token is let in', () => {
  it('with the consumer it names, which the upstream is told, and without itself', async () => {
    const { status } = await answer('/plain', { ...bearer(token()), 'x-gitway-consumer': 'forged' });
    expect(status).toBe(200);
    expect(sent()).toMatchObject({ 'x-gitway-consumer': 'acme', 'x-gitway-subject': 'acme-app' });
    expect(sent()).not.toHaveProperty('authorization');
  });

  it.each([
    ['by the second key of the set', aToken(second.privateKey, { alg: 'RS256', kid: 'two' }, goodClaims())],
    ['without a kid', aToken(second.privateKey, { alg: 'RS256' }, goodClaims())],
    ['with an audience in a list', token(goodClaims({ aud: ['others', 'pets'] }))],
    ['within the skew', token(goodClaims({ exp: secondsFromNow(-10), nbf: secondsFromNow(10) }))],
    ['with nbf 0', token(goodClaims({ nbf: 0 }))],
    ['printed over several lines', token(JSON.stringify(goodClaims({ aud: ['a', 'pets'], x: { aud: 'y' } }), null, 2))],
    ['of 8 KB', token(goodClaims({ blob: 'x'.repeat(5500) }))],
  ])('%s', async (_what, value) => expect(await whyOf(value)).toBe('200 ok'));

  it.each(Object.keys(curves))('of %s', async (name) => {
    const key = curves[name as keyof typeof curves].privateKey;
    expect(await whyOf(aToken(key, { alg: name }, goodClaims()), `/${name.toLowerCase()}`)).toBe('200 ok');
  });

  it('of HS256 with a secret of any bytes', async () => {
    expect(await whyOf(aToken(secret, { alg: 'HS256', kid: 's' }, goodClaims()), '/shared')).toBe('200 ok');
  });

  it('by any of several PEM keys', async () => {
    for (const { privateKey } of [first, second]) {
      expect(await whyOf(aToken(privateKey, { alg: 'RS256', kid: 'whatever' }, goodClaims()), '/pem')).toBe('200 ok');
    }
  });

  it('whoever it names, where any caller is; but not without the plan', async () => {
    expect(await whyOf(token(goodClaims({ sub: 'somebody' })), '/any')).toBe('200 ok');
    expect(await whyOf(token(goodClaims({ sub: 'somebody' })), '/planned')).toBe('403 not-entitled');
    expect(await whyOf(token(), '/planned')).toBe('200 ok');
  });

  it('from a cookie, of which the others go on', async () => {
    expect((await answer('/cookie', { cookie: `a=1; session.id=${token()}; b=2` })).status).toBe(200);
    expect(sent()['cookie']).toBe('a=1; b=2');
    expect((await answer('/cookie', { cookie: `session.id=${token()}` })).status).toBe(200);
    expect(sent()).not.toHaveProperty('cookie');
    expect((await answer('/cookie', { cookie: `session.id=x; session.id=${token()}` })).status).toBe(400);
    expect((await answer('/cookie', { cookie: `sessionxid=${token()}` })).why).toBe('missing-token');
  });

  it('and told of as one line of text, or not at all', async () => {
    expect(await whyOf(token(goodClaims({ sub: 'ann (admin)' })), '/any')).toBe('200 ok');
    expect(sent()).toMatchObject({ 'x-gitway-subject': 'ann (admin)' });
    expect(sent()).not.toHaveProperty('x-gitway-consumer');
    for (const sub of ['x\r\nx-gitway-consumer: acme', 'x\n', 'x\t', '', 'é', 'x'.repeat(501), ['x'], { x: 'y' }]) {
      expect(await whyOf(token(goodClaims({ sub })), '/any')).toBe('200 ok');
      expect(sent()).not.toHaveProperty('x-gitway-subject');
      expect(sent()).not.toHaveProperty('x-gitway-consumer');
    }
    expect((await answer('/scoped/pets', bearer(token(goodClaims({ scope: ['a', 'pets:read'] }))))).status).toBe(200);
    expect(sent()).toMatchObject({ 'x-gitway-scopes': 'a pets:read' });
  });

  it('from a header of its own, and by a number', async () => {
    expect((await answer('/header', { 'x-token': token() })).status).toBe(200);
    expect(await whyOf(token(goodClaims({ app: 12_345_678 })), '/number')).toBe('200 ok');
    expect(await whyOf(token(goodClaims({ app: 12_345_679 })), '/number')).toBe('403 unknown-caller');
  });
});

describe('a token is refused', () => {
  const public_ = Buffer.from(pemOf(first.publicKey));
  it.each<[string, string, string]>([
    ['an RS key as HS secret', aToken(public_, { alg: 'HS256', kid: 'one' }, goodClaims()), 'token-algorithm'],
    ['none', `${b64({ alg: 'none' })}.${b64(goodClaims())}.`, 'malformed-token'],
    ['none, with a signature', `${b64({ alg: 'none' })}.${b64(goodClaims())}.x`, 'token-algorithm'],
    ['nOnE', `${b64({ alg: 'nOnE' })}.${b64(goodClaims())}.x`, 'token-algorithm'],
    ['no algorithm', `${b64({ kid: 'one' })}.${b64(goodClaims())}.x`, 'token-algorithm'],
    ['another key', aToken(stranger.privateKey, header, goodClaims()), 'bad-signature'],
    ['another key without kid', aToken(stranger.privateKey, { alg: 'RS256' }, goodClaims()), 'bad-signature'],
    ['the kid of another key', aToken(first.privateKey, { alg: 'RS256', kid: 'two' }, goodClaims()), 'bad-signature'],
    ['an unknown kid', token(goodClaims(), { alg: 'RS256', kid: '../../one' }), 'unknown-token-key'],
    ['RS384', token(goodClaims(), { alg: 'RS384', kid: 'one' }), 'token-algorithm'],
    ['crit', token(goodClaims(), { ...header, crit: ['exp'] }), 'malformed-token'],
    ['another issuer', token(goodClaims({ iss: `${ISSUER}x` })), 'token-issuer'],
    ['no issuer', token(goodClaims({ iss: undefined })), 'token-issuer'],
    ['an issuer in a list', token(goodClaims({ iss: [ISSUER] })), 'token-issuer'],
    ['another audience', token(goodClaims({ aud: 'pet' })), 'token-audience'],
    ['an audience that only looks like a list', token(goodClaims({ aud: '["pets"]x' })), 'token-audience'],
    ['a nested audience', token({ ...goodClaims({ aud: 'x' }), u: { aud: ['pets'] } }), 'token-audience'],
    ['an audience nested in a list', token(goodClaims({ aud: [['pets']] })), 'token-audience'],
    ['no audience', token(goodClaims({ aud: undefined })), 'token-audience'],
    ['expired', token(goodClaims({ exp: secondsFromNow(-31) })), 'token-expired'],
    ['exp as text', token(goodClaims({ exp: String(secondsFromNow(600)) })), 'malformed-token'],
    ['exp as text with an exponent', token(goodClaims({ exp: '1.9e+09' })), 'token-expired'],
    ['exp in a list', token(goodClaims({ exp: [secondsFromNow(600)] })), 'malformed-token'],
    ['exp true', token(goodClaims({ exp: true })), 'token-expired'],
    ['exp negative', token(goodClaims({ exp: -secondsFromNow(600) })), 'malformed-token'],
    ['exp too large for a number', token(`{"iss":"${ISSUER}","aud":"pets","exp":1e300}`), 'token-expired'],
    ['no exp', token(goodClaims({ exp: undefined })), 'malformed-token'],
    ['exp twice, the first over', token(`{"exp":1,${JSON.stringify(goodClaims()).slice(1)}`), 'token-expired'],
    ['a future nbf', token(goodClaims({ nbf: secondsFromNow(40) })), 'token-not-yet'],
    ['nbf as text', token(goodClaims({ nbf: 'tomorrow' })), 'malformed-token'],
    ['a caller that is no consumer', token(goodClaims({ sub: 'acme-app2' })), 'unknown-caller'],
    ['no caller', token(goodClaims({ sub: undefined })), 'unknown-caller'],
    ['a suspended consumer', token(goodClaims({ sub: 'bad-app' })), 'suspended'],
    ['no JSON', aToken(first.privateKey, header, 'not json'), 'malformed-token'],
    ['four parts', `${token()}.x`, 'malformed-token'],
    ['two parts', token().split('.').slice(0, 2).join('.'), 'malformed-token'],
    ['padding', `${token()}=`, 'malformed-token'],
    ['base64 of the wrong alphabet', token().replace('.', '+.'), 'malformed-token'],
    ['only dots', '..', 'malformed-token'],
    ['a changed signature', token().replace(/.{6}$/, 'AAAAAA'), 'bad-signature'],
    ['no signature', token().replace(/[^.]*$/, ''), 'malformed-token'],
  ])('%s', async (_what, value, why) => {
    expect((await whyOf(value)).slice(4)).toBe(why);
  });

  it('where both families are accepted, and a public key is used as a secret', async () => {
    for (const key of [public_, Buffer.from(pemOf(first.publicKey).trim())]) {
      expect(await whyOf(aToken(key, { alg: 'HS256' }, goodClaims()), '/both')).toBe('401 bad-signature');
    }
    expect(await whyOf(token(), '/both')).toBe('200 ok');
  });

  it('where an ES signature is not of its length', async () => {
    const good = aToken(curves.ES256.privateKey, { alg: 'ES256' }, goodClaims());
    const [head, claims, signature = ''] = good.split('.');
    const [r, s] = [0, 32].map((from) => Buffer.from(signature, 'base64url').subarray(from, from + 32));
    const zero = Buffer.alloc(1);
    const longer = Buffer.concat([zero, r as Buffer, zero, s as Buffer]).toString('base64url');
    expect(await whyOf(`${head}.${claims}.${longer}`, '/es256')).toBe('401 bad-signature');
    expect(await whyOf(good, '/es256')).toBe('200 ok');
  });

  it('where its keys are not known, and where it is none', async () => {
    expect(await whyOf(token(), '/unknown-set')).toBe('401 bad-signature');
    expect((await answer('/plain', {})).why).toBe('missing-token');
    expect((await answer('/plain', { authorization: 'Basic eDp5' })).why).toBe('missing-token');
    expect((await answer('/plain', bearer(`${token()} ${token()}`))).status).toBe(401);
  });

  it('at 20 KB, before anything is read of it', async () => {
    expect((await httpCall(port, '/plain', bearer(token(goodClaims({ blob: 'x'.repeat(20_000) }))))).status).toBe(400);
  });

  it('with a challenge as RFC 6750 says', async () => {
    const realm = 'Bearer realm="plain"';
    expect((await answer('/plain', {})).challenge).toBe(realm);
    const { challenge } = await answer('/plain', bearer(token(goodClaims({ exp: 5 }))));
    expect(challenge).toBe(`${realm}, error="invalid_token", error_description="The token has expired."`);
  });
});

describe('scopes and claims', () => {
  it.each<[string, unknown, string]>([
    ['DELETE', 'pets:admin pets:read', '200 ok'],
    ['DELETE', ['pets:read', 'x', 'pets:admin'], '200 ok'],
    ['DELETE', 'pets:read', '403 insufficient-scope'],
    ['DELETE', ['pets:read pets:admin'], '403 insufficient-scope'],
    ['DELETE', ['x"pets:admin"', 'pets:read'], '403 insufficient-scope'],
    ['DELETE', { 0: 'pets:admin' }, '403 insufficient-scope'],
    ['DELETE', '[pets:admin pets:read]', '403 insufficient-scope'],
    ['GET', 'pets:read', '200 ok'],
    ['GET', 'pets:reader', '403 insufficient-scope'],
    ['GET', undefined, '403 insufficient-scope'],
    ['GET', [], '403 insufficient-scope'],
  ])('%s with %j', async (method, scope, expected) => {
    const { status, why } = await answer('/scoped/pets', bearer(token(goodClaims({ scope }))), method);
    expect(`${status} ${why}`).toBe(expected);
  });

  it('are asked for one operation alone, and one operation may ask for nothing', async () => {
    expect((await answer('/scoped/other', bearer(token()))).status).toBe(200);
    expect((await answer('/scoped/health', {})).status).toBe(200);
    expect((await answer('/scoped/other', {})).status).toBe(401);
    const { challenge } = await answer('/scoped/pets', bearer(token(goodClaims({ scope: 'pets:read' }))), 'DELETE');
    expect(challenge).toBe('Bearer realm="scoped", error="insufficient_scope", scope="pets:read pets:admin"');
  });

  it('are found in an object and under a URL, and not in what only looks like them', async () => {
    const roles = (value: Record<string, unknown>) => whyOf(token(goodClaims(value)), '/roles');
    expect(await roles({ realm_access: { roles: ['a', 'reader'] } })).toBe('200 ok');
    expect(await roles({ realm_access: { roles: 'reader' } })).toBe('200 ok');
    expect(await roles({ x: { realm_access: { roles: ['reader'] } } })).toBe('403 insufficient-scope');
    expect(await roles({ realm_access: { x: { roles: ['reader'] } } })).toBe('403 insufficient-scope');
    expect(await whyOf(token(goodClaims({ 'https://example.com/scp': ['reader'] })), '/url')).toBe('200 ok');
  });

  it('are what they are, whatever stands in them', async () => {
    const odd = (change: Record<string, unknown> = {}) =>
      whyOf(
        token(goodClaims({ iss: ODD, aud: [`-x '#{ $HOME`], scope: `%[src] a'b,( }`, x: `it's`, ...change })),
        '/odd',
      );
    expect(await odd()).toBe('200 ok');
    expect(await odd({ scope: 'x' })).toBe('403 insufficient-scope');
    expect(await odd({ x: 'its' })).toBe('403 insufficient-claims');
    expect(await odd({ iss: `${ODD}x` })).toBe('401 token-issuer');
    expect(await odd({ aud: '-x' })).toBe('401 token-audience');
  });

  it('need one of their values each', async () => {
    const claims = (value: Record<string, unknown>) => whyOf(token(goodClaims(value)), '/claims');
    expect(await claims({ tier: 'silver 2', verified: true })).toBe('200 ok');
    expect(await claims({ tier: ['x', 'gold'], verified: true })).toBe('200 ok');
    expect(await claims({ tier: 'gold', verified: false })).toBe('403 insufficient-claims');
    expect(await claims({ tier: 'silver', verified: true })).toBe('403 insufficient-claims');
    expect(await claims({ tier: ['gold\\"'], verified: true })).toBe('403 insufficient-claims');
  });
});

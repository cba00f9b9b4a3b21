import { describe, expect, it } from '@jest/globals';
import type { ApiUnit, AuthPolicy, ConsumerEntry, GatewayUnit } from '@gitway/contracts';
import { ecKeys, ISSUER, jwtAuth, pemOf } from '../../../testing/tokens.ts';
import { aConsumer, aGateway, anApi, aShard, keyAuth, policyOf, stored } from '../../../testing/units.ts';
import { haproxy } from '../../driver.ts';

const said = (units: Parameters<typeof stored>[0], gateway: GatewayUnit = aGateway) =>
  haproxy.check(stored([gateway, ...units]), 'edge').map(({ field, message }) => [field, message]);
const api = (auth: AuthPolicy, change: Partial<ApiUnit> = {}) =>
  anApi('pets', { policy: policyOf({ auth }), ...change });
const p256 = pemOf(ecKeys('P-256').publicKey);

describe('ways to authenticate', () => {
  it('are refused with an algorithm that HAProxy does not know, wherever it is named', () => {
    const ps = jwtAuth({ algorithms: ['RS256', 'PS256'] });
    const reason = expect.stringContaining('PS and EdDSA it does not know');
    expect(said([api(ps)])).toEqual([['policy.auth.algorithms[1]', reason]]);
    expect(said([api({ kind: 'anyOf', methods: [keyAuth, ps] })])).toEqual([
      ['policy.auth.methods[1].algorithms[1]', reason],
    ]);
    const own = api(keyAuth);
    own.policy.operations = { read: { auth: ps } };
    expect(said([own])).toEqual([['policy.operations.read.auth.algorithms[1]', reason]]);
  });

  it('are refused with keys that no accepted algorithm can use', () => {
    const field = 'policy.auth.keys.pem[0]';
    const ofKey = (pem: string, algorithms: string[]) => said([api(jwtAuth({ keys: { pem: [pem] }, algorithms }))]);
    expect(ofKey(p256, ['ES256'])).toEqual([]);
    for (const [pem, algorithms] of [
      [p256, ['RS256']],
      [p256, ['ES384']],
      [p256, ['HS256']],
      ['no key', ['RS256']],
    ] as const) {
      expect(ofKey(pem, [...algorithms])).toEqual([[field, expect.stringContaining('is no public key for')]]);
    }
  });

  it.each(['host', 'Authorization-', 'x-gitway-consumer', 'cookie', 'x-forwarded-for', 'content-length', 'a b'])(
    'are refused with the header %s where it is not theirs to take',
    (header) => {
      const refused = said([api({ ...keyAuth, header })]).length > 0;
      expect(refused).toBe(header !== 'Authorization-');
    },
  );

  it('need a listener that asks for certificates, and one set of authorities', () => {
    const mtls = (ca: string): AuthPolicy => ({ kind: 'mtls', ca: [ca] });
    expect(said([api(mtls('A'))])).toEqual([['policy.auth', expect.stringContaining('no listener of gateway edge')]]);
    const [listener] = aGateway.listeners;
    const asking: GatewayUnit = {
      ...aGateway,
      listeners: [
        {
          ...listener!,
          protocol: 'https',
          tls: {
            minVersion: '1.2',
            certificates: [{ certificate: { secret: 'both' } }],
            clientCertificates: 'request',
          },
        },
      ],
    };
    const other = { ...api({ kind: 'anyOf', methods: [keyAuth, { kind: 'mtls', ca: ['B'] }] }), name: 'other' };
    other.route = { ...other.route, basePath: '/other' };
    const fields = said([api(mtls('A')), other], asking);
    expect(fields).toContainEqual(['policy.auth.ca', expect.stringContaining('differs from that of api pets')]);
    expect(said([api(mtls('A'))], asking).map(([field]) => field)).not.toContain('policy.auth.ca');
  });
});

describe('a credential', () => {
  const two = (change: Partial<ConsumerEntry>) =>
    said([aShard([aConsumer('one', 'k1', change), aConsumer('two', 'k2', change)])]);
  it.each<[string, Partial<ConsumerEntry>]>([
    ['jwt', { jwt: [{ issuer: ISSUER, claim: 'sub', value: 'x' }] }],
    ['mtls', { mtls: [{ by: 'dns', value: 'x.test' }] }],
    ['basic', { basic: { ann: '$6$salt$hash' } }],
  ])('belongs to one consumer alone: %s', (field, change) => {
    expect(two(change)).toEqual([[field, expect.stringContaining('(consumers one and two)')]]);
  });

  it('has a form', () => {
    const fields = (change: Partial<ConsumerEntry>) => said([aShard([aConsumer('one', 'k', change)])]).map(([f]) => f);
    expect(fields({ basic: { 'a:b': '$6$salt$hash' } })).toEqual(['basic']);
    expect(fields({ basic: { ann: 'in clear' } })).toEqual(['basic']);
    expect(fields({ mtls: [{ by: 'sha256', value: 'x' }] })).toEqual(['mtls[0].value']);
  });
});

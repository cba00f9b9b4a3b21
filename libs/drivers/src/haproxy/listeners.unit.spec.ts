import { describe, expect, it } from '@jest/globals';
import type { GatewayUnit, Listener } from '@gitway/contracts';
import { certificateOf } from '../conformance/testing/certificates.ts';
import { aContext, aGateway, anApi, stored } from '../testing/units.ts';
import { haproxy } from './driver.ts';
import { changeOf, place } from './change/plan.ts';
import { freshProcess } from './change/image.ts';

type Tls = NonNullable<Listener['tls']>;
const { certificate, key } = certificateOf('gateway');
const other = certificateOf('gateway-other');
const pemAndKey = { certificate: { pem: certificate }, key: { secret: 'tls-key' } };
const secrets = { 'tls-key': key, both: `${certificate}\n${key}`, other: `${other.certificate}\n${other.key}` };

const gateway = (certificates: Tls['certificates'], tls: Partial<Tls> = {}): GatewayUnit => ({
  ...aGateway,
  listeners: [{ name: 'https', protocol: 'https', port: 8443, tls: { certificates, minVersion: '1.2', ...tls } }],
});
const rendered = (unit: GatewayUnit, given: Record<string, string> = secrets) =>
  haproxy.render(
    stored([unit, anApi('a')]),
    aContext({
      listeners: { https: '127.0.0.1:8443' },
      provided: { version: 'v', secrets: new Map(Object.entries(given)), keySets: new Map() },
    }),
  );

describe('certificates of a listener', () => {
  it('lie in files of their own that nothing may be shown of', () => {
    const { files, expected } = rendered(gateway([pemAndKey, { certificate: { secret: 'other' } }]));
    const paths = [...files.keys()].filter((path) => /^maps\/certificate-https-\d\.[0-9a-f]{16}\.pem$/.test(path));
    expect(paths).toHaveLength(2);
    expect(paths.every((path) => expected.secretFiles.has(path))).toBe(true);
    expect(files.get(paths[0] ?? '')).toBe(`${certificate.trim()}\n${key.trim()}\n`);
    const list = [...files].find(([path]) => path.endsWith('.list'));
    expect(list?.[1]).toBe(paths.map((path) => `/gateway/${path}\n`).join(''));
    expect(files.get('haproxy.cfg')).not.toContain('PRIVATE KEY');
  });

  it.each<[string, Tls['certificates'][number], Record<string, string>, RegExp]>([
    ['a secret that is not there', pemAndKey, {}, /listener https: the secret "tls-key" is not there/],
    ['a secret without a key', pemAndKey, { 'tls-key': 'x' }, /the secret "tls-key" holds no private key/],
    ['a key of another certificate', pemAndKey, { 'tls-key': other.key }, /"tls-key" does not belong to the cert/],
    ['two keys', pemAndKey, { 'tls-key': key + other.key }, /"tls-key" holds 2 private keys/],
    [
      'a chain without a certificate',
      { certificate: { secret: 'both' } },
      { both: key },
      /"both" holds no certificate/,
    ],
    [
      'what is framed as a certificate and is none',
      {
        certificate: { pem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
        key: { secret: 'tls-key' },
      },
      secrets,
      /certificate 1 of the certificate cannot be read/,
    ],
  ])('%s is refused by name', (_what, declared, given, message) => {
    expect(() => rendered(gateway([declared]), given)).toThrow(message);
    expect(() => rendered(gateway([declared]), given)).toThrow(/gateway edge: listener https: /);
  });

  it('keep nothing of what is around their blocks', () => {
    const odd = `ssl-engine x\n${certificate}\n\n# ${'y'.repeat(50)}\n${key}\nglobal`;
    const { files } = rendered(gateway([{ certificate: { secret: 'odd' } }]), { odd });
    expect([...files.values()].join('\n')).not.toMatch(/ssl-engine|yyyy|^global$[^]*^global$/m);
  });

  it('are told to a running process, and only a list of another length takes a reload', () => {
    const before = rendered(gateway([pemAndKey]));
    const process = freshProcess(before.image, before.mark, 1);
    const running = { image: before.image, process };
    const renewed = rendered(gateway([{ certificate: { secret: 'other' } }]));
    expect(place(running, renewed.image)).toHaveProperty('placement');
    const { commit } = changeOf(running, renewed.image);
    expect(commit).toEqual([
      {
        kind: 'certificate-set',
        file: process.maps['certificate-https-0'],
        text: `${other.certificate.trim()}\n${other.key.trim()}\n`,
      },
    ]);
    expect(place(running, rendered(gateway([pemAndKey, { certificate: { secret: 'other' } }])).image)).toHaveProperty(
      'reload',
    );
    expect(place(running, rendered(gateway([pemAndKey], { minVersion: '1.3' })).image)).toHaveProperty('reload');
  });
});

describe('what a gateway says of its listeners', () => {
  const problems = (unit: GatewayUnit) => haproxy.check(stored([unit, anApi('a')]), 'edge').map(({ field }) => field);

  it('cannot require certificates that no API accepts', () => {
    expect(problems(gateway([pemAndKey], { clientCertificates: 'require' }))).toEqual([
      'listeners[0].tls.clientCertificates',
    ]);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/8/8', 'proxy.test', '10.0.0.0/8 if TRUE', '::1%eth0', '-f', '1.2.3.4\n', ''])(
    'cannot trust %j',
    (range) => {
      const unit = { ...aGateway, trustedProxies: [range] };
      expect(problems(unit)).toEqual(['trustedProxies[0]']);
      expect(() => haproxy.render(stored([unit]), aContext())).toThrow();
    },
  );

  it.each(['10.0.0.0/8', '192.0.2.1', 'fd00::/8', '::1'])('can trust %s', (range) => {
    expect(problems({ ...aGateway, trustedProxies: [range] })).toEqual([]);
  });
});

describe('two APIs under one address', () => {
  const on = (name: string, listeners?: string[]) =>
    anApi(name, { route: { hosts: [], basePath: '/x', keepBasePath: false, ...(listeners && { listeners }) } });
  const problems = (...apis: ReturnType<typeof on>[]) =>
    haproxy.check(stored([aGateway, ...apis]), 'edge').map(({ message }) => message);

  it('are served where they share no listener', () => {
    expect(problems(on('a', ['one']), on('b', ['two']))).toEqual([]);
    expect(problems(on('a', ['one']), on('b', ['one', 'two']))).toEqual([expect.stringMatching(/claimed by api a/)]);
    expect(problems(on('a'), on('b', ['two']))).toEqual([expect.stringMatching(/claimed by api a/)]);
  });

  it('cost nothing where no API asks for it', () => {
    const [plain, told] = [[anApi('a')], [anApi('a'), on('b', ['http'])]].map((apis) =>
      haproxy.render(stored([aGateway, ...apis]), aContext()).files.get('haproxy.cfg'),
    );
    expect(plain).not.toContain('so_name');
    expect(told).toContain('%[so_name]/');
    expect(plain).not.toContain('set-src');
  });
});

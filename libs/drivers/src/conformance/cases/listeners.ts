import type { GatewayUnit } from '@gitway/contracts';
import type { ConformanceCase } from '../case.ts';
import { get, reaches, refused } from './shorthand.ts';

type Listener = GatewayUnit['listeners'][number];
type Tls = NonNullable<Listener['tls']>;

const http: Listener = { name: 'http', protocol: 'http', port: 80 };
const certificates: Tls['certificates'] = [
  { certificate: { pem: '{{certificate.gateway}}' }, key: { secret: 'key/gateway' } },
];
const https = (change: Partial<Tls> = {}): Listener => ({
  name: 'https',
  protocol: 'https',
  port: 443,
  tls: { certificates, minVersion: '1.2', ...change },
});

export const tlsGateway = (clientCertificates?: 'request' | 'require') => ({
  listeners: [http, https(clientCertificates === undefined ? {} : { clientCertificates })],
});
const overTls = { listener: 'https', tls: {} } as const;
const tls = (name: string) => `gateway listeners.tls.${name}`;

/** Listeners, TLS to clients, and proxies in front. */
export const listeners: readonly ConformanceCase[] = [
  {
    id: 'https',
    shows: 'serves HTTPS with its certificate, HTTP/1.1 and HTTP/2, and says so to the upstream',
    covers: [tls('certificates.certificate.pem'), 'gateway listeners.protocol'],
    gateway: tlsGateway(),
    api: {},
    steps: [
      get('/x', { ...reaches({ headers: { 'x-forwarded-proto': 'https' } }), certificate: 'gateway' }, overTls),
      get('/x', { ...reaches({}), certificate: 'gateway' }, { ...overTls, http: '2' }),
      get('/x', reaches({ headers: { 'x-forwarded-proto': 'http' } })),
    ],
  },
  {
    id: 'https-secret',
    shows: 'takes chain and key from one secret',
    covers: [tls('certificates.certificate.secret')],
    gateway: { listeners: [http, https({ certificates: [{ certificate: { secret: 'both/gateway' } }] })] },
    api: {},
    steps: [get('/x', { ...reaches({}), certificate: 'gateway' }, overTls)],
  },
  {
    id: 'https-names',
    shows: 'shows the certificate of the name that is asked for, and the first for others',
    covers: [tls('certificates.key.secret')],
    gateway: {
      listeners: [
        http,
        https({
          certificates: [
            ...certificates,
            { certificate: { pem: '{{certificate.gateway-other}}' }, key: { secret: 'key/gateway-other' } },
          ],
        }),
      ],
    },
    api: {},
    steps: [
      get('/x', { status: 200, certificate: 'gateway' }, { ...overTls, tls: { name: 'some.test' } }),
      get('/x', { status: 200, certificate: 'other gateway' }, { ...overTls, tls: { name: 'other.sni.test' } }),
      get('/x', { status: 200, certificate: 'gateway' }, { ...overTls, tls: { name: 'nobody.example' } }),
    ],
  },
  {
    id: 'https-versions',
    shows: 'takes no older TLS than it is told to',
    covers: [tls('minVersion')],
    gateway: { listeners: [http, https({ minVersion: '1.3' })] },
    api: {},
    steps: [
      get('/x', reaches({}), { ...overTls, tls: { version: '1.3' } }),
      get('/x', { cut: true }, { ...overTls, tls: { version: '1.2' } }),
    ],
  },
  {
    id: 'https-client-required',
    shows: 'takes no connection without a certificate where one is required',
    covers: [tls('clientCertificates')],
    gateway: tlsGateway('require'),
    api: { policy: { auth: { kind: 'mtls', ca: ['{{certificate.ca}}'] } } },
    consumers: { alice: { mtls: [{ by: 'subject', value: 'CN=alice' }] } },
    steps: [get('/x', reaches({}), { ...overTls, tls: { certificate: 'alice' } }), get('/x', { cut: true }, overTls)],
  },
  {
    id: 'route-listeners',
    shows: 'serves an API on the listeners that it names alone',
    covers: ['api route.listeners'],
    gateway: { listeners: [http, { name: 'inner', protocol: 'http', port: 8080 }] },
    apis: {
      inner: { route: { basePath: '/inner', listeners: ['inner'] } },
      both: { route: { basePath: '/both' } },
    },
    steps: [
      get('/inner/x', reaches({}), { listener: 'inner' }),
      get('/inner/x', refused(404)),
      get('/both/x', reaches({}), { listener: 'inner' }),
      get('/both/x', reaches({})),
    ],
  },
  {
    id: 'trusted-proxies',
    shows: 'believes the client address that a trusted proxy names, and nobody else',
    covers: ['gateway trustedProxies'],
    gateway: { listeners: [http], trustedProxies: ['127.0.0.8/32'] },
    api: { policy: { rateLimits: [{ requests: 1, windowMs: 86_400_000, by: 'ip' }] } },
    steps: [
      get('/x', 200, { from: '127.0.0.8', headers: { 'x-forwarded-for': '192.0.2.1' } }),
      get('/x', 429, { from: '127.0.0.8', headers: { 'x-forwarded-for': '192.0.2.1' } }),
      get('/x', 200, { from: '127.0.0.8', headers: { 'x-forwarded-for': '192.0.2.2' } }),
      get('/x', 429, { from: '127.0.0.8', headers: { 'x-forwarded-for': '192.0.2.9, 192.0.2.2' } }),
      get('/x', 200, { from: '127.0.0.9', headers: { 'x-forwarded-for': '192.0.2.3' } }),
      get('/x', 429, { from: '127.0.0.9', headers: { 'x-forwarded-for': '192.0.2.4' } }),
    ],
  },
];

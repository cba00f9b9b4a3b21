import { type ApiUnit, type AuthPolicy, type GatewayUnit, type Listener } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import type { FragmentCache, RenderContext, SnapshotUnit } from '../driver.ts';
import { native } from './capability.ts';
import { type CertificateText, certificateText } from './certificates.ts';
import type { Checker } from './checker.ts';
import { shortDigest } from './scope.ts';
import { isBindAddress, isNetwork, safe } from './syntax.ts';

export const listenerCapabilities = [
  native('gateway listeners', '`bind`, HTTP/1.1, and HTTP/2 by ALPN or, without TLS, with prior knowledge'),
  native('gateway listeners.tls', '`bind … ssl crt-list`: another certificate takes no reload'),
  native(
    'gateway listeners.tls.clientCertificates',
    'asked for in the handshake; where required, a call without one that verifies is cut off',
  ),
  native('gateway trustedProxies', '`set-src` from `X-Forwarded-For`, from the right, past at most 8 of them'),
  native('api route.listeners', 'the listener’s name begins the keys of the map of routes, where an API asks for it'),
];

/** A listener at the address that its agent was given. */
export interface Bound {
  readonly name: string;
  readonly address: string;
  readonly tls: BoundTls | null;
}

export interface BoundTls {
  readonly minVersion: '1.2' | '1.3';
  /** The first is for names that no other is for. */
  readonly certificates: readonly CertificateText[];
  /** Null: nobody is asked for a certificate. */
  readonly clients: { readonly required: boolean; readonly authorities: string } | null;
}

export function checkListeners(unit: GatewayUnit, apis: readonly ApiUnit[], on: Checker): void {
  unit.listeners.forEach((listener, index) => {
    const at = `listeners[${index}]`;
    on.name(listener.name, `${at}.name`);
    on.count(listener.port, `${at}.port`, 65535);
    on.require(
      listener.protocol === 'http' || listener.tls !== undefined,
      `${at}.tls`,
      'is required with protocol https',
    );
    on.require(
      listener.tls?.clientCertificates !== 'require' || authoritiesOf(listener, apis).length > 0,
      `${at}.tls.clientCertificates`,
      'cannot be required: no API on this listener says which authorities count (auth of kind mtls)',
    );
  });
  const names = new Set(unit.listeners.map((listener) => listener.name));
  on.require(names.size === unit.listeners.length, 'listeners', 'need different names');
  unit.trustedProxies?.forEach((range, index) =>
    on.require(isNetwork(range), `trustedProxies[${index}]`, 'must be an address or a range as in 10.0.0.0/8'),
  );
}

/** The gateway's own listeners; before there is a snapshot, the addresses that its agent was given. */
export function boundListeners(
  units: readonly SnapshotUnit[],
  { gateway, listeners, snapshot, provided }: RenderContext,
  cache: FragmentCache,
): Bound[] {
  const found = gatewayUnit(units, gateway);
  if (found === null && snapshot !== null) {
    throw new InvalidInputError('gateway-missing', `the snapshot does not declare the gateway "${gateway}"`);
  }
  const apis = units.flatMap(({ unit }) => (unit.kind === 'api' ? [unit] : []));
  const bound =
    found === null
      ? Object.entries(listeners).map(([name, address]): Bound => ({ name, address, tls: null }))
      : found.listeners.map((listener): Bound => {
          const { name, port, protocol, tls } = listener;
          const address = listeners[name] ?? `*:${port}`;
          if (tls === undefined || protocol === 'http') return { name, address, tls: null };
          const certificates = tls.certificates.map((certificate, index) => {
            const at = `gateway ${gateway}: listener ${name}`;
            const held = [certificate.certificate, certificate.key].map((part) =>
              part !== undefined && 'secret' in part ? (provided.secrets.get(part.secret) ?? null) : null,
            );
            const key = `certificate/${shortDigest([at, index, certificate, held], 32)}`;
            return cache.get(key, () =>
              certificateText(certificate, provided.secrets, at, `certificate-${name}-${index}`),
            );
          });
          const authorities = tls.clientCertificates === undefined ? [] : authoritiesOf(listener, apis);
          const required = tls.clientCertificates === 'require';
          // With no authority that counts, there is nothing to ask for.
          const clients = authorities.length === 0 ? null : { required, authorities: `${authorities.join('\n')}\n` };
          return { name, address, tls: { minVersion: tls.minVersion, certificates, clients } };
        });
  for (const { name, address } of bound) {
    safe('name', name);
    if (!isBindAddress(address)) {
      throw new InvalidInputError('bad-listener', `listener ${name}: "${address}" is not host:port`);
    }
  }
  return bound.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export const gatewayUnit = (units: readonly SnapshotUnit[], gateway: string): GatewayUnit | null =>
  units.flatMap(({ unit }) => (unit.kind === 'gateway' && unit.name === gateway ? [unit] : []))[0] ?? null;

/** Names of listeners, where an API asks to be served by some of them alone: then the routes of all are told apart by them. */
export function routedListeners(units: readonly SnapshotUnit[], gateway: string): readonly string[] | null {
  const asked = units.some(({ unit }) => unit.kind === 'api' && unit.route.listeners !== undefined);
  return asked ? (gatewayUnit(units, gateway)?.listeners ?? []).map(({ name }) => name).sort() : null;
}

/** Certificates of every authority that an API on the listener trusts. Which counts for which API, its own rules say. */
function authoritiesOf({ name }: Listener, apis: readonly ApiUnit[]): string[] {
  const found = apis
    .filter(({ route }) => route.listeners?.includes(name) ?? true)
    .flatMap(({ policy }) => [policy.auth, ...Object.values(policy.operations ?? {}).flatMap(({ auth }) => auth ?? [])])
    .flatMap(authoritiesIn);
  return [...new Set(found.map((pem) => pem.trim()))].sort();
}

function authoritiesIn(auth: AuthPolicy): readonly string[] {
  if (auth.kind === 'anyOf' || auth.kind === 'allOf') return auth.methods.flatMap(authoritiesIn);
  return auth.kind === 'mtls' ? auth.ca : [];
}

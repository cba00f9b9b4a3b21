import type { Finding, GatewayUnit, Listener } from '@gitway/contracts';
import type { GatewayResource } from '@gitway/resources';
import { compare, finding } from '../findings.ts';
import type { PemFiles } from '../pem-files.ts';
import type { FilledIn } from './fill-in.ts';

type ListenerSpec = GatewayResource['spec']['listeners'][number];
type ListenerTls = NonNullable<Listener['tls']>;

/** A gateway in the form of its unit; certificates are read, keys stay the names of secrets. */
export function lowerGateway(filled: FilledIn, pems: PemFiles): { unit: GatewayUnit; findings: readonly Finding[] } {
  const { driver, listeners, address, trustedProxies } = filled.spec as GatewayResource['spec'];
  const findings: Finding[] = [];
  const lowered: Listener[] = [];
  for (const [index, listener] of listeners.entries()) {
    const { name, protocol, port } = listener;
    const tls = tlsOf(listener, index, filled, pems, findings);
    lowered.push({ name, protocol, port, ...(tls === undefined ? {} : { tls }) });
  }
  const unit: GatewayUnit = {
    kind: 'gateway',
    name: filled.resource.name,
    driver,
    listeners: lowered.sort((a, b) => compare(a.name, b.name)),
    ...(address === undefined ? {} : { address }),
    ...(trustedProxies === undefined ? {} : { trustedProxies: [...trustedProxies].sort(compare) }),
  };
  return { unit, findings };
}

function tlsOf(
  { tls }: ListenerSpec,
  index: number,
  filled: FilledIn,
  pems: PemFiles,
  findings: Finding[],
): ListenerTls | undefined {
  if (tls === undefined) return undefined;
  const certificates: ListenerTls['certificates'] = [];
  for (const [number, { certificate, key, secret }] of tls.certificates.entries()) {
    if (certificate === undefined) {
      if (secret !== undefined) certificates.push({ certificate: { secret } });
      continue;
    }
    const reading = pems.read(filled.resource.file.path, certificate);
    if ('rule' in reading) {
      const where = filled.placeOf(['spec', 'listeners', index, 'tls', 'certificates', number, 'certificate']);
      findings.push(finding(reading.rule, 'error', where, reading.message, reading.hint));
    } else {
      const pem = `${reading.blocks.join('\n')}\n`;
      certificates.push({ certificate: { pem }, ...(key === undefined ? {} : { key }) });
    }
  }
  return {
    certificates,
    minVersion: tls.minVersion ?? '1.2',
    ...(tls.clientCertificates === undefined ? {} : { clientCertificates: tls.clientCertificates }),
  };
}

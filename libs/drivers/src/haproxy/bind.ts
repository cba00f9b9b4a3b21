import { digestOfBytes } from '@gitway/contracts';
import type { Bound, BoundTls } from './listeners.ts';
import type { SharedFile } from './policy.ts';
import { mapNamed } from './rule.ts';

/** Forward secrecy and authenticated encryption alone, for TLS 1.2; 1.3 knows nothing else. */
const CIPHERS = 'ECDHE+AESGCM:ECDHE+CHACHA20';

export const tlsLines = (bound: readonly Bound[]): string[] =>
  bound.some(({ tls }) => tls !== null) ? [`    ssl-default-bind-ciphers ${CIPHERS}`] : [];

export function bindLine({ name, address, tls }: Bound): string {
  const line = `    bind ${address} name ${name}`;
  if (tls === null) return line;
  const words = [
    line,
    `ssl crt-list ${mapNamed(listName(name))}`,
    'alpn h2,http/1.1',
    `ssl-min-ver TLSv${tls.minVersion}`,
    // Whether a certificate verifies is asked of each call, so that who shows a wrong one is told so.
    ...(tls.clients === null
      ? []
      : [`verify optional ca-file ${authoritiesFile(tls.clients).path} ca-ignore-err all crt-ignore-err all`]),
  ];
  return words.join(' ');
}

/** Where a client certificate is required, a call without one ends with its connection. The agent's own was answered before. */
export function clientRules(bound: readonly Bound[]): string[] {
  const names = bound.filter(({ tls }) => tls?.clients?.required === true).map(({ name }) => name);
  if (names.length === 0) return [];
  const here = `{ so_name -m str ${names.join(' ')} }`;
  return [
    `    http-request reject if ${here} !{ ssl_c_used }`,
    `    http-request reject if ${here} !{ ssl_c_verify 0 }`,
  ];
}

const listName = (listener: string) => `certificates-${listener}`;

/** Another authority takes a reload: sessions that were resumed would keep what an earlier one vouched for. */
const authoritiesFile = ({ authorities }: NonNullable<BoundTls['clients']>): SharedFile => ({
  path: `maps/authorities.${shortOf(authorities)}.pem`,
  text: authorities,
  secret: false,
});

export const authoritiesFiles = (bound: readonly Bound[]): SharedFile[] =>
  bound.flatMap(({ tls }) => (tls?.clients == null ? [] : [authoritiesFile(tls.clients)]));

/** A file that is named by its content and, in rules, by what it is for. */
export interface NamedFile extends SharedFile {
  readonly name: string;
}

/** Certificates with their keys. Each listener has files of its own: what is told to one of them is told to no other. */
export const certificateFiles = (bound: readonly Bound[]): NamedFile[] =>
  bound.flatMap(({ tls }) =>
    (tls?.certificates ?? []).map(({ name, pem }) => ({
      name,
      path: `maps/${name}.${shortOf(pem)}.pem`,
      text: pem,
      secret: true,
    })),
  );

/** For each listener the list of its certificates, by what they are for. */
export const certificateLists = (
  bound: readonly Bound[],
): { readonly name: string; readonly lines: readonly string[] }[] =>
  bound.flatMap(({ name, tls }) =>
    tls === null
      ? []
      : [{ name: listName(name), lines: tls.certificates.map((certificate) => mapNamed(certificate.name)) }],
  );

const shortOf = (text: string) => digestOfBytes(text).slice('sha256-'.length, 'sha256-'.length + 16);

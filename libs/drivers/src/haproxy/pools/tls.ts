import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Pool, Target } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import type { Provided } from '../../driver.ts';
import type { SharedFile } from '../policy.ts';
import { shortDigest } from '../scope.ts';
import { safe } from '../syntax.ts';

/** What the servers of a pool are verified with, and what they are shown. */
export interface PoolFiles {
  readonly ca: SharedFile | null;
  readonly client: SharedFile | null;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----/g;

export function isCertificate(pem: string): boolean {
  const blocks = pem.match(BLOCK) ?? [];
  return blocks.length === 1 && pem.trim() === blocks[0] && certificatesIn(blocks) !== null;
}

function certificatesIn(blocks: readonly string[]): X509Certificate[] | null {
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return null;
  }
}

/** @throws InvalidInputError */
export function poolFiles(api: string, { name, tls, targets }: Pool, { secrets }: Provided): PoolFiles {
  if (tls === undefined || !targets.some(({ scheme }) => scheme === 'https')) return { ca: null, client: null };
  const { verify, ca, clientCertificate } = tls;
  return {
    ca: !verify || ca === undefined ? null : authorities(ca),
    client:
      clientCertificate === undefined
        ? null
        : client(
            secrets.get(clientCertificate.secret),
            `api ${api}: the client certificate of pool ${name}, secret "${clientCertificate.secret}"`,
          ),
  };
}

function authorities(pems: readonly string[]): SharedFile {
  const bad = pems.find((pem) => !isCertificate(pem));
  if (bad !== undefined) throw new InvalidInputError('unsafe-value', 'an authority is no certificate as PEM');
  const text = pems.map((pem) => `${pem.trim()}\n`).join('');
  return { path: `maps/ca.${shortDigest(text, 16)}.pem`, text, secret: false };
}

/** Nothing of the secret but its PEM blocks is written, and nothing of it is said. */
function client(secret: string | undefined, what: string): SharedFile {
  const fail = (problem: string) => new InvalidInputError('client-certificate', `${what}, ${problem}`);
  if (secret === undefined) throw fail('was not given');
  const blocks = secret.match(BLOCK) ?? [];
  const keys = blocks.filter((block) => /^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(block));
  const certificates = certificatesIn(blocks.filter((block) => block.startsWith('-----BEGIN CERTIFICATE-----')));
  const [key] = keys;
  if (certificates?.[0] === undefined || key === undefined || keys.length > 1) {
    throw fail('must hold a certificate and its private key as PEM');
  }
  if (!isKeyOf(certificates[0], key)) throw fail('holds a private key that does not belong to its certificate');
  const text = [...certificates.map((one) => one.toString().trim()), key].map((block) => `${block}\n`).join('');
  return { path: `maps/client.${shortDigest(text, 16)}.pem`, text, secret: true };
}

function isKeyOf(certificate: X509Certificate, key: string): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** What a `server` line says of TLS. Checks go to the same name. */
export function tlsWords({ tls, protocol }: Pool, target: Target, files: PoolFiles, checked: boolean): string[] {
  if (target.scheme !== 'https') return [];
  const name =
    tls?.serverName === undefined ? target.host.replace(/^\[|\]$/g, '').toLowerCase() : safe('host', tls.serverName);
  const alpn = protocol === 'http2' || protocol === 'grpc' ? 'h2' : null;
  return [
    tls?.verify === false
      ? 'ssl verify none'
      : `ssl verify required ca-file ${files.ca?.path ?? '@system-ca'} verifyhost ${name}`,
    ...(files.client === null ? [] : [`crt ${files.client.path}`]),
    `sni str(${name})`,
    ...(alpn === null ? [] : [`alpn ${alpn}`]),
    ...(checked ? [`check-ssl check-sni ${name}`, ...(alpn === null ? [] : [`check-alpn ${alpn}`])] : []),
  ];
}

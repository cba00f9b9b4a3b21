import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { CertificateName } from '../case.ts';

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

interface Made extends Certificate {
  readonly privateKey: KeyObject;
}

export interface Wanted {
  readonly subject: string;
  /** Names and addresses that it is for. */
  readonly names: readonly string[];
  readonly signedBy: CertificateName | null;
  readonly from?: Date;
  readonly until?: Date;
}

/** `ca` signs those that are to be trusted, `ca-other` those that are not. */
const wanted: Readonly<Record<CertificateName, Wanted>> = {
  ca: { subject: 'Conformance CA', names: [], signedBy: null },
  'ca-other': { subject: 'Other CA', names: [], signedBy: null },
  gateway: { subject: 'gateway', names: ['*.test'], signedBy: 'ca' },
  'gateway-other': { subject: 'other gateway', names: ['other.sni.test'], signedBy: 'ca' },
  upstream: { subject: 'upstream', names: ['upstream.test', 'localhost'], signedBy: 'ca' },
  alice: { subject: 'alice', names: ['alice.clients.test'], signedBy: 'ca' },
  bob: { subject: 'bob', names: ['bob.clients.test'], signedBy: 'ca' },
  mallory: { subject: 'alice', names: ['alice.clients.test'], signedBy: 'ca-other' },
};

const known = new Map<CertificateName, Made>();

/** Made for each run, when first asked for. */
export function certificateOf(name: CertificateName): Made {
  const found = known.get(name);
  if (found !== undefined) return found;
  const made = issued(wanted[name]);
  known.set(name, made);
  return made;
}

/** One of its own; valid from yesterday for a month unless it says otherwise. */
export function issued({ subject, names, signedBy, from, until }: Wanted): Made {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = signedBy === null ? privateKey : certificateOf(signedBy).privateKey;
  const issuer = signedBy === null ? subject : wanted[signedBy].subject;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const day = 86_400_000;
  const valid = [from ?? new Date(Date.now() - day), until ?? new Date(Date.now() + 30 * day)] as const;
  const body = toBeSigned({ subject, issuer, spki, ca: signedBy === null, names, valid });
  const bits = sign('sha256', body, signer);
  const der = sequence(body, sequence(ecdsaWithSha256), tagged(0x03, Buffer.from([0]), bits));
  const certificate = new X509Certificate(der).toString().trim();
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();
  return { certificate, key, privateKey };
}

/** SHA-256 of a certificate, lower-case hex. */
export const fingerprintOf = (name: CertificateName) =>
  createHash('sha256')
    .update(new X509Certificate(certificateOf(name).certificate).raw)
    .digest('hex');

// What follows writes DER (X.690) as RFC 5280 asks for it.

const tagged = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const sequence = (...parts: readonly Buffer[]) => tagged(0x30, ...parts);
const oid = (hex: string) => tagged(0x06, Buffer.from(hex, 'hex'));
const ecdsaWithSha256 = oid('2a8648ce3d040302');
const nameOf = (common: string) => sequence(tagged(0x31, sequence(oid('550403'), tagged(0x0c, Buffer.from(common)))));
const time = (date: Date) => tagged(0x18, Buffer.from(date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')));
const extension = (id: string, value: Buffer) => sequence(oid(id), tagged(0x04, value));

interface Content {
  readonly subject: string;
  readonly issuer: string;
  readonly spki: Buffer;
  readonly ca: boolean;
  readonly names: readonly string[];
  readonly valid: readonly [from: Date, until: Date];
}

function toBeSigned({ subject, issuer, spki, ca, names, valid }: Content): Buffer {
  const alternatives = names.map((name) =>
    isIP(name) === 4
      ? tagged(0x87, Buffer.from(name.split('.').map(Number)))
      : tagged(0x82, Buffer.from(name, 'latin1')),
  );
  const extensions = [
    extension('551d13', sequence(...(ca ? [tagged(0x01, Buffer.from([0xff]))] : []))),
    ...(alternatives.length > 0 ? [extension('551d11', sequence(...alternatives))] : []),
  ];
  return sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    sequence(ecdsaWithSha256),
    nameOf(issuer),
    sequence(...valid.map(time)),
    nameOf(subject),
    spki,
    tagged(0xa3, sequence(...extensions)),
  );
}

import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { CompileCache } from '../workspace.ts';

/** A block of a PEM file; null where it does not parse. */
export type PemBlock =
  | { readonly certificate: X509Certificate; readonly key: KeyObject | null; readonly name: string }
  | { readonly certificate: null; readonly key: KeyObject | null };

/** What the blocks of a file say. The same content is read once. */
export function readCertificates(oid: string, blocks: readonly string[], cache: CompileCache): readonly PemBlock[] {
  const key = `certificates:${oid}`;
  const kept = cache.get(key) as readonly PemBlock[] | undefined;
  if (kept !== undefined) return kept;
  const read = blocks.map(readBlock);
  cache.set(key, read);
  return read;
}

function readBlock(block: string): PemBlock {
  try {
    if (!/^-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----/.test(block))
      return { certificate: null, key: createPublicKey(block) };
    const certificate = new X509Certificate(block);
    return { certificate, key: keyOf(certificate), name: nameOf(certificate) };
  } catch {
    return { certificate: null, key: null };
  }
}

/** Null where its kind is unknown here, which says nothing of the certificate. */
function keyOf(certificate: X509Certificate): KeyObject | null {
  try {
    return certificate.publicKey;
  } catch {
    return null;
  }
}

/** The common name, or what there is, short and on one line. */
function nameOf({ subject, subjectAltName, serialNumber }: X509Certificate): string {
  const common = /^CN=(.+)$/m.exec(subject ?? '')?.[1];
  const name = common ?? subjectAltName ?? subject?.replaceAll('\n', ', ') ?? serialNumber;
  return name.replaceAll('`', "'").slice(0, 100);
}

import type { Finding } from '@gitway/contracts';
import type { GatewayResource } from '@gitway/resources';
import { finding } from '../findings.ts';
import { MAX_ALIKE, type EnvironmentCheck } from './check.ts';
import { chainsOf, pemsOfApi, type NamedPem } from './named-pem.ts';
import { readCertificates, type PemBlock } from './read-certificates.ts';

const SOON_DAYS = 30;
const DAY_MS = 86_400_000;
const MIN_RSA_BITS = 2048;

type Certificate = Extract<PemBlock, { name: string }>;

/** Certificates and keys that cannot be read, are out of date or soon will be, are weak, or come in a wrong order. */
export const certificates: EnvironmentCheck = {
  needsAll: false,
  run({ gateways, apis, pems, cache, now }) {
    const findings: Finding[] = [];
    const seen = new Set<string>();
    const look = (named: NamedPem) => {
      const { file, range, object, field } = named.where;
      const place = `${named.oid} ${file} ${range?.line} ${range?.column} ${object} ${field}`;
      if (seen.has(place) || findings.length >= MAX_ALIKE) return;
      seen.add(place);
      findings.push(...judge(named, readCertificates(named.oid, named.blocks, cache), now));
    };
    for (const gateway of gateways) {
      const { listeners = [] } = (gateway.spec ?? {}) as Partial<GatewayResource['spec']>;
      listeners.forEach((listener, index) => chainsOf(gateway, listener, index, pems).forEach(look));
    }
    for (const api of apis) pemsOfApi(api, pems).forEach(look);
    return findings;
  },
};

function judge(named: NamedPem, blocks: readonly PemBlock[], now: Date | undefined): Finding[] {
  const unreadable = blocks.findIndex(({ certificate, key }) => certificate === null && key === null);
  if (unreadable >= 0) {
    const message = `Block ${unreadable + 1} of \`${named.path}\` is framed as PEM, and holds no certificate or public key that can be read.`;
    return [tell('certificate-unreadable', 'error', named, message, 'Write the file again from its source.')];
  }
  const read = blocks.filter((block): block is Certificate => block.certificate !== null);
  return [
    ...(now === undefined ? [] : datesOf(named, read, now)),
    ...weakKeys(named, blocks),
    ...(named.use === 'chain' ? orderOf(named, read) : []),
  ];
}

function datesOf(named: NamedPem, read: readonly Certificate[], now: Date): Finding[] {
  const valid = ({ certificate }: Certificate) =>
    Date.parse(certificate.validFrom) <= now.getTime() && now.getTime() <= Date.parse(certificate.validTo);
  // Of several authorities an old one is left in while the next one takes over.
  const spare = named.use !== 'chain' && read.some(valid);
  return read.flatMap((block) => {
    const [from, to] = [Date.parse(block.certificate.validFrom), Date.parse(block.certificate.validTo)];
    const what = `The certificate of \`${block.name}\` in \`${named.path}\``;
    const severity = spare ? 'warning' : 'error';
    if (now.getTime() > to) {
      const message = `${what} expired on ${dayOf(to)}.`;
      return [tell('certificate-expired', severity, named, message, 'Put its successor in its place.')];
    }
    if (now.getTime() < from) {
      const message = `${what} is not valid before ${dayOf(from)}.`;
      return [tell('certificate-expired', severity, named, message, 'Put one that is valid today in its place.')];
    }
    if (to - now.getTime() >= SOON_DAYS * DAY_MS) return [];
    const message = `${what} expires on ${dayOf(to)}.`;
    return [tell('certificate-expires', 'warning', named, message, 'Put its successor in its place before that day.')];
  });
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

function weakKeys(named: NamedPem, blocks: readonly PemBlock[]): Finding[] {
  return blocks.flatMap((block) => {
    const bits = block.key?.asymmetricKeyDetails?.modulusLength;
    if (block.key?.asymmetricKeyType?.startsWith('rsa') !== true || bits === undefined || bits >= MIN_RSA_BITS)
      return [];
    const whose = block.certificate === null ? 'A public key' : `The certificate of \`${block.name}\``;
    const message = `${whose} in \`${named.path}\` has an RSA key of ${bits} bits.`;
    return [tell('certificate-weak-key', 'warning', named, message, `Make one of at least ${MIN_RSA_BITS} bits.`)];
  });
}

/** A server's own certificate comes first, and each one is signed by the next (RFC 8446, 4.4.2). */
function orderOf(named: NamedPem, read: readonly Certificate[]): Finding[] {
  const [first] = read;
  const hint = 'Begin with the server’s own certificate, then the one that signed it, and so on.';
  if (first === undefined) {
    const message = `\`${named.path}\` holds no certificate that a server could show.`;
    return [tell('certificate-chain', 'warning', named, message, hint)];
  }
  if (first.certificate.ca && read.some(({ certificate }) => !certificate.ca)) {
    const message = `\`${named.path}\` begins with the authority \`${first.name}\`, not with the server’s own certificate.`;
    return [tell('certificate-chain', 'warning', named, message, hint)];
  }
  const broken = read.findIndex((block, at) => at > 0 && !signed(read[at - 1]!, block));
  if (broken < 0) return [];
  const [before, after] = [read[broken - 1]!.name, read[broken]!.name];
  const message = `In \`${named.path}\` the certificate of \`${before}\` is not signed by \`${after}\`, which follows it.`;
  return [tell('certificate-chain', 'warning', named, message, hint)];
}

function signed({ certificate }: Certificate, issuer: Certificate): boolean {
  if (!certificate.checkIssued(issuer.certificate)) return false;
  return issuer.key === null || certificate.verify(issuer.key);
}

const tell = (rule: string, severity: 'error' | 'warning', { where }: NamedPem, message: string, hint: string) =>
  finding(rule, severity, where, message, hint);

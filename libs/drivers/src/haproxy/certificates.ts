import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Listener } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';

type Declared = NonNullable<Listener['tls']>['certificates'][number];

/** A chain with its key, as HAProxy reads it. */
export interface CertificateText {
  /** Under which it is named until it is known how its file is called. */
  readonly name: string;
  readonly pem: string;
  /** SHA-256 of the server's own certificate, upper-case hex with colons. */
  readonly fingerprint: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** As a person names it: listener, and the secret where it lies in one. */
  readonly label: string;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]{1,40})-----[A-Za-z0-9+/=\s]+-----END \1-----/g;

/**
 * Nothing of what was given goes on but its PEM blocks, so that no file holds what HAProxy would read otherwise.
 * @param at gateway and listener, for messages
 * @throws InvalidInputError for what a listener could not show
 */
export function certificateText(
  { certificate, key }: Declared,
  secrets: ReadonlyMap<string, string>,
  at: string,
  name: string,
): CertificateText {
  const fail = (message: string): never => {
    throw new InvalidInputError('bad-certificate', `${at}: ${message}`);
  };
  const secret = (secretName: string): string =>
    secrets.get(secretName) ?? fail(`the secret "${secretName}" is not there; give it to the agent of this gateway`);
  const where = 'secret' in certificate ? `the secret "${certificate.secret}"` : 'the certificate';
  const keyWhere = key === undefined ? where : `the secret "${key.secret}"`;
  const given = 'secret' in certificate ? secret(certificate.secret) : certificate.pem;
  const chain = blocksOf(given).filter(({ type }) => type === 'CERTIFICATE');
  const keys = blocksOf(key === undefined ? given : secret(key.secret)).filter(({ type }) =>
    type.endsWith('PRIVATE KEY'),
  );
  const [first] = chain;
  if (first === undefined) return fail(`${where} holds no certificate (PEM)`);
  const [privateKey] = keys;
  if (privateKey === undefined) return fail(`${keyWhere} holds no private key (PEM)`);
  if (keys.length > 1)
    return fail(`${keyWhere} holds ${keys.length} private keys; leave the one that belongs to the certificate`);
  const read = chain.map(({ text }, index) => {
    try {
      return new X509Certificate(text);
    } catch {
      return fail(`certificate ${index + 1} of ${where} cannot be read`);
    }
  });
  const own = read[0] as X509Certificate;
  if (
    !belongs(own, privateKey.text, () =>
      fail(`the private key in ${keyWhere} cannot be read; it must not be encrypted`),
    )
  ) {
    return fail(`the private key in ${keyWhere} does not belong to the certificate${whereFrom(certificate)}`);
  }
  return {
    name,
    pem: `${[...chain, privateKey].map(({ text }) => text).join('\n')}\n`,
    fingerprint: own.fingerprint256,
    notBefore: Date.parse(own.validFrom),
    notAfter: Date.parse(own.validTo),
    label:
      'secret' in certificate ? `${at}: the certificate in ${where}` : `${at}: the certificate of ${subjectOf(own)}`,
  };
}

const whereFrom = (certificate: Declared['certificate']) =>
  'secret' in certificate ? ` in the secret "${certificate.secret}"` : '';

const subjectOf = ({ subject }: X509Certificate) => /^CN=(.+)$/m.exec(subject ?? '')?.[1] ?? 'no name';

function belongs(certificate: X509Certificate, pem: string, unreadable: () => never): boolean {
  let key;
  try {
    key = createPrivateKey(pem);
  } catch {
    return unreadable();
  }
  return certificate.checkPrivateKey(key);
}

/** PEM blocks, without blank lines, which would end a command to HAProxy. */
const blocksOf = (text: string): { type: string; text: string }[] =>
  [...text.matchAll(BLOCK)].map(([block, type = '']) => ({
    type,
    text: block
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('\n'),
  }));

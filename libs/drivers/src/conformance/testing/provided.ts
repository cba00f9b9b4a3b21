import { digestOf } from '@gitway/contracts';
import type { Provided, VerificationKey } from '../../driver.ts';
import type { CertificateName, KeyName } from '../case.ts';
import { INTROSPECTION_SECRET } from './auth-server.ts';
import { certificateOf } from './certificates.ts';
import { pem, sharedSecret } from './tokens.ts';

/** What units ask for beside themselves. */
interface Asked {
  readonly secrets: readonly string[];
  readonly keySets: readonly string[];
}

/** The secrets of the suite (`introspection`; `key/<certificate>`, `both/<certificate>`: its key, with its chain), and the key sets that its auth server publishes. */
export function providedFor(needs: Asked): Provided {
  const secrets = new Map(needs.secrets.map((name) => [name, secretOf(name)]));
  const keySets = new Map(needs.keySets.map((uri) => [uri, keySetOf(uri)]));
  return { version: digestOf([[...secrets], [...keySets]]), secrets, keySets };
}

function secretOf(name: string): string {
  if (name === 'introspection') return INTROSPECTION_SECRET;
  const [part, of] = name.split('/') as [string, CertificateName];
  if (part === 'key') return certificateOf(of).key;
  if (part === 'both') return `${certificateOf(of).certificate}\n${certificateOf(of).key}`;
  // What is left of a reference that was taken away.
  return `nothing but ${name}`;
}

function keySetOf(uri: string): VerificationKey[] {
  if (!URL.canParse(uri)) return [];
  const names = new URL(uri).pathname.replace('/jwks/', '').split(',') as KeyName[];
  return names.map((id) => ({
    id,
    algorithm: null,
    key: id === 'secret' ? { secret: Buffer.from(sharedSecret) } : { pem: pem(id) },
  }));
}

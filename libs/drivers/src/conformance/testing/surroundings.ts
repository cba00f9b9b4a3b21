import { createHash } from 'node:crypto';
import { certificateOf, fingerprintOf } from './certificates.ts';
import { pem, token } from './tokens.ts';

/** What texts of every case may refer to. */
export const surroundings = {
  hash: (key: string) => createHash('sha256').update(key).digest('hex'),
  pem,
  token,
  certificate: (name: Parameters<typeof certificateOf>[0]) => certificateOf(name).certificate,
  fingerprint: fingerprintOf,
};

import {
  exampleAuthority,
  lastingCertificate,
  otherAuthority,
  pastCertificate,
  serverCertificate,
  weakCertificate,
} from './example-certificates.ts';
import { exampleApi, exampleEnvironment, exampleGateway } from './example-workspace.ts';
import type { Rule } from './rule.ts';

const edge = exampleGateway.replace(
  '{ name: http, protocol: http, port: 8080 }',
  '{ name: https, protocol: https, port: 8443, tls: { certificates: [{ certificate: ./server.pem, key: { secret: edge-key } }] } }',
);
const served = (chain: string, files: Record<string, string> = {}) => ({
  'gateway.yaml': edge,
  'server.pem': chain,
  'pets/api.yaml': exampleApi,
  'staging.yaml': exampleEnvironment,
  ...files,
});
const damaged = lastingCertificate.replace(/MII.{20}/, 'MIIB');

/** Rules about the certificates and public keys that a repository holds. What is expired, and what soon will be, is so on the day of the examples. */
export const certificateRules: readonly Rule[] = [
  {
    id: 'certificate-expired',
    severity: 'error',
    adjustable: true,
    summary: 'A certificate has expired, or is not valid yet.',
    why: 'Every caller, or the gateway itself, refuses the connection. Of several authorities, where another one is valid, it is a warning.',
    fix: 'Put one that is valid in its place.',
    bad: served(pastCertificate),
    good: served(lastingCertificate),
  },
  {
    id: 'certificate-expires',
    severity: 'warning',
    summary: 'A certificate expires within 30 days.',
    why: 'On that day every connection that depends on it fails at once.',
    fix: 'Put its successor in its place before that day.',
    bad: served(serverCertificate),
    good: served(lastingCertificate),
  },
  {
    id: 'certificate-names',
    severity: 'warning',
    summary: 'No certificate of a listener covers a host that an API is served on.',
    why: 'Callers of that host are shown a certificate for another one and refuse it. Nothing is said where a secret holds one of the certificates, since it may cover the host.',
    fix: 'Take a certificate that names the host (`*.` covers one label), or serve the API on another listener.',
    bad: served(lastingCertificate, { 'pets/api.yaml': exampleApi.replace('api.example.com', 'v2.api.example.com') }),
    good: served(lastingCertificate),
  },
  {
    id: 'certificate-chain',
    severity: 'warning',
    summary: 'The certificates of a listener come in a wrong order, or one is not signed by the next.',
    why: 'Many callers refuse such a chain, others mend it, so it works on some machines only.',
    fix: 'Begin with the server’s own certificate, then the one that signed it, and so on.',
    bad: served(`${lastingCertificate}${otherAuthority}`),
    good: served(`${lastingCertificate}${exampleAuthority}`),
  },
  {
    id: 'certificate-weak-key',
    severity: 'warning',
    summary: 'A certificate or public key has an RSA key of less than 2,048 bits.',
    why: 'It can be broken, and many clients refuse it.',
    fix: 'Make a new one of at least 2,048 bits, or of an elliptic curve.',
    bad: served(weakCertificate),
    good: served(lastingCertificate),
  },
  {
    id: 'certificate-unreadable',
    severity: 'error',
    summary: 'A file has a frame as of PEM, and what is in it is no certificate or public key.',
    why: 'The gateway would refuse its whole configuration.',
    fix: 'Write the file again from its source.',
    bad: served(damaged),
    good: served(lastingCertificate),
  },
];

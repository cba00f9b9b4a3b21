import type { Finding } from '@gitway/contracts';
import type { GatewayResource } from '@gitway/resources';
import { finding } from '../findings.ts';
import { MAX_ALIKE, type EnvironmentCheck } from './check.ts';
import { chainsOf } from './named-pem.ts';
import { readCertificates } from './read-certificates.ts';

/** Hosts that no certificate of a listener covers, where all of its certificates lie in the repository. */
export const certificateNames: EnvironmentCheck = {
  needsAll: false,
  run({ gateways, apis, pems, cache }) {
    const findings: Finding[] = [];
    for (const gateway of gateways) {
      const { listeners = [] } = (gateway.spec ?? {}) as Partial<GatewayResource['spec']>;
      for (const [index, listener] of listeners.entries()) {
        const all = listener.tls?.certificates ?? [];
        const chains = chainsOf(gateway, listener, index, pems);
        const shown = chains.flatMap(({ oid, blocks }) => readCertificates(oid, blocks, cache)[0]?.certificate ?? []);
        // What a secret holds, or what cannot be read, may cover anything.
        if (all.length === 0 || shown.length < all.length) continue;
        const looked = new Set<string>();
        for (const api of apis) {
          const { hosts, listeners: serving } = api.unit.route;
          if (serving !== undefined && !serving.includes(listener.name)) continue;
          for (const host of hosts) {
            if (looked.has(host)) continue;
            looked.add(host);
            if (findings.length >= MAX_ALIKE || shown.some((certificate) => covers(certificate, host))) continue;
            const object = gateway.resource.name;
            const message = `No certificate of listener \`${listener.name}\` of Gateway \`${object}\` covers \`${host}\`, where API \`${api.unit.name}\` is served.`;
            findings.push({
              ...finding('certificate-names', 'warning', chains[0]!.where, message, hint),
              related: [{ where: api.filled.placeOf(['spec', 'route', 'hosts']), message: 'The host is named here.' }],
            });
          }
        }
      }
    }
    return findings;
  },
};

const hint = 'Take one that names it, name its own under `certificates`, or serve the API on another listener.';

interface Covering {
  checkHost(name: string, options: { subject: 'never'; partialWildcards: boolean }): string | undefined;
}

/** By RFC 6125: alternative names alone, a wildcard for one whole label. `*.a.b` is covered by the same wildcard alone. */
function covers(certificate: Covering, host: string): boolean {
  const asked = host.startsWith('*.') ? `any-name-below${host.slice(1)}` : host;
  return certificate.checkHost(asked, { subject: 'never', partialWildcards: false }) !== undefined;
}

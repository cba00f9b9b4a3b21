import type { Finding } from '@gitway/contracts';
import { finding } from '../findings.ts';
import type { CompiledApi } from '../environment/compile-api.ts';
import type { EnvironmentCheck } from './check.ts';
import { anyHost, broaderThan, claimKey, claimsOf, hostsOf } from './hosts.ts';

/** An exact host wins over a wildcard, and both over any host: who claims the broader one does not answer everywhere. */
export const routeShadowed: EnvironmentCheck = {
  needsAll: false,
  run({ apis }) {
    const broad = apis.filter((api) => hostsOf(api).some((host) => host.startsWith('*')));
    if (broad.length === 0) return [];
    const claims = claimsOf(broad);
    return apis.flatMap((api) => {
      const hidden = new Map<CompiledApi, { hosts: string[]; by: string }>();
      for (const host of hostsOf(api)) {
        const by = broaderThan(host).find((each) => claims.has(claimKey(each, api.unit.route.basePath)));
        const other = by === undefined ? undefined : claims.get(claimKey(by, api.unit.route.basePath));
        if (by === undefined || other === undefined || other === api) continue;
        const known = hidden.get(other);
        if (known === undefined) hidden.set(other, { hosts: [host], by });
        else known.hosts.push(host);
      }
      return [...hidden].map(([other, { hosts, by }]) => told(api, other, hosts, by));
    });
  },
};

function told(api: CompiledApi, other: CompiledApi, hosts: readonly string[], by: string): Finding {
  const names = hosts.map((host) => `\`${host}\``).join(', ');
  const { name } = other.unit;
  const { basePath } = api.unit.route;
  const where = by === anyHost ? 'on any host' : `on \`${by}\``;
  return {
    ...finding(
      'route-shadowed',
      by === anyHost ? 'warning' : 'info',
      api.filled.placeOf(['spec', 'route', 'hosts'], 'key'),
      `On ${names} this API hides \`${name}\`, which claims \`${basePath}\` ${where}.`,
      by === anyHost
        ? `Name the hosts of \`${name}\` too, so that it says where it answers.`
        : `It may be meant: an exact host wins over a wildcard. Else give \`${name}\` another base path.`,
    ),
    related: [{ where: other.filled.placeOf(['spec', 'route', 'basePath']), message: `\`${name}\` claims it here.` }],
  };
}

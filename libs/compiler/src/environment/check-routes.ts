import type { Finding } from '@gitway/contracts';
import { finding } from '../findings.ts';
import type { CompiledApi } from './compile-api.ts';

/** Two APIs on one host and base path: nobody could say which one answers. Expects APIs in order of name. */
export function checkRoutes(apis: readonly CompiledApi[]): Finding[] {
  const findings: Finding[] = [];
  const claims = new Map<string, CompiledApi>();
  for (const api of apis) {
    const { hosts, basePath } = api.unit.route;
    for (const host of hosts.length === 0 ? [anyHost] : hosts) {
      const key = `${host} ${basePath}`;
      const first = claims.get(key);
      if (first === undefined) {
        claims.set(key, api);
        continue;
      }
      const where = host === anyHost ? `any host and \`${basePath}\`` : `\`${host}${basePath}\``;
      findings.push({
        ...finding(
          'route-conflict',
          'error',
          api.filled.placeOf(['spec', 'route', 'basePath']),
          `APIs \`${first.unit.name}\` and \`${api.unit.name}\` both claim ${where}.`,
          'Give one of them another base path or another host.',
        ),
        related: [
          {
            where: first.filled.placeOf(['spec', 'route', 'basePath']),
            message: `\`${first.unit.name}\` claims it here.`,
          },
        ],
      });
      break;
    }
  }
  for (const api of apis) {
    const { hosts, basePath } = api.unit.route;
    const shadowed = claims.get(`${anyHost} ${basePath}`);
    if (hosts.length === 0 || shadowed === undefined || shadowed === api) continue;
    findings.push({
      ...finding(
        'route-shadowed',
        'warning',
        api.filled.placeOf(['spec', 'route', 'hosts'], 'key'),
        `On ${hosts.map((host) => `\`${host}\``).join(', ')} this API hides \`${shadowed.unit.name}\`, which claims \`${basePath}\` on any host.`,
        `Name the hosts of \`${shadowed.unit.name}\` too, so that it says where it answers.`,
      ),
      related: [
        {
          where: shadowed.filled.placeOf(['spec', 'route', 'basePath']),
          message: `\`${shadowed.unit.name}\` claims it here.`,
        },
      ],
    });
  }
  return findings;
}

const anyHost = '*';

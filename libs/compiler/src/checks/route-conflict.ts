import type { Finding } from '@gitway/contracts';
import { finding } from '../findings.ts';
import type { CompiledApi } from '../environment/compile-api.ts';
import type { EnvironmentCheck } from './check.ts';

const anyHost = '*';

/** Two APIs on one host and base path: nobody could say which one answers. */
export const routeConflict: EnvironmentCheck = {
  needsAll: false,
  run({ apis }) {
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
    return findings;
  },
};

import { canonicalJson, type Finding } from '@gitway/contracts';
import { finding } from '../findings.ts';
import type { CompiledApi } from '../environment/compile-api.ts';
import type { EnvironmentCheck } from './check.ts';

const anyHost = '*';

/** In one order, whatever order they are written in. */
const conditionsOf = ({ unit }: CompiledApi) =>
  (unit.route.match ?? [])
    .map((condition) => canonicalJson(condition))
    .sort()
    .join();

const meet = (a: readonly string[] | undefined, b: readonly string[] | undefined) =>
  a === undefined || b === undefined || a.some((listener) => b.includes(listener));

/** Two APIs for the same requests at one host and base path: nobody could say which one answers. */
export const routeConflict: EnvironmentCheck = {
  needsAll: false,
  run({ apis }) {
    const findings: Finding[] = [];
    const claims = new Map<string, CompiledApi[]>();
    for (const api of apis) {
      const { hosts, basePath } = api.unit.route;
      for (const host of hosts.length === 0 ? [anyHost] : hosts) {
        const key = `${host} ${basePath} ${conditionsOf(api)}`;
        const others = claims.get(key) ?? [];
        claims.set(key, [...others, api]);
        const first = others.find((other) => meet(other.unit.route.listeners, api.unit.route.listeners));
        if (first === undefined) continue;
        const where = host === anyHost ? `any host and \`${basePath}\`` : `\`${host}${basePath}\``;
        findings.push({
          ...finding(
            'route-conflict',
            'error',
            api.filled.placeOf(['spec', 'route', 'basePath']),
            `APIs \`${first.unit.name}\` and \`${api.unit.name}\` both claim ${where}.`,
            'Give one of them another base path, another host, or conditions of its own (`match`).',
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

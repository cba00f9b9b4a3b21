import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiUnit } from '@gitway/contracts';
import type { Capability, GatewayDriver, SnapshotUnit } from '../../driver.ts';
import type { GatewayRunner } from './runner.ts';

/**
 * A gateway of a few lines, to hold the suite itself against: it routes by host and base path, and does nothing else,
 * whatever its table says.
 */
export function naiveRunner(capabilities: readonly Capability[], check: GatewayDriver['check']): GatewayRunner {
  const driver: GatewayDriver = {
    name: 'naive',
    capabilities,
    check,
    needs: () => ({ secrets: [], keySets: [] }),
    render: () => {
      throw new Error('the naive gateway has no configuration');
    },
  };
  return {
    driver,
    start: async (units) => {
      let apis = apisOf(units);
      const server = createServer((asked, answer) => pass(apis, asked, answer));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return {
        address: () => ({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }),
        apply: (next) => {
          apis = apisOf(next);
          return Promise.resolve();
        },
        logged: () => Promise.resolve(null),
        settled: () => Promise.resolve(),
        stop: async () => {
          server.closeAllConnections();
          server.close();
          await once(server, 'close');
        },
      };
    },
  };
}

const apisOf = (units: readonly SnapshotUnit[]) =>
  units.flatMap(({ unit }) => (unit.kind === 'api' ? [unit] : [])).sort(longestFirst);
const longestFirst = (a: ApiUnit, b: ApiUnit) => b.route.basePath.length - a.route.basePath.length;

function pass(apis: readonly ApiUnit[], asked: IncomingMessage, answer: ServerResponse): void {
  const path = asked.url ?? '/';
  const api = apis.find(
    ({ route }) =>
      (route.hosts.length === 0 || route.hosts.includes(asked.headers.host ?? '')) &&
      (route.basePath === '/' || path === route.basePath || path.startsWith(`${route.basePath}/`)),
  );
  const target = api?.pools[0]?.targets[0];
  if (api === undefined || target === undefined) return void answer.writeHead(404).end();
  const rest = api.route.basePath === '/' ? path : path.slice(api.route.basePath.length) || '/';
  const next = request({
    host: target.host,
    port: target.port,
    path: rest,
    method: asked.method,
    headers: asked.headers,
  });
  next.on('error', () => answer.writeHead(503).end());
  next.on('response', (given) => {
    answer.writeHead(given.statusCode ?? 502, given.headers);
    given.pipe(answer);
  });
  asked.pipe(next);
}

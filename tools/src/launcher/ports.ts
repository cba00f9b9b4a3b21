import { createServer } from 'node:net';
import { TransientError } from '@gitway/errors';
import { readJsonFile, writeJsonFile } from './state-directory.ts';

/** Below the range that systems give to outgoing connections, so that a port is still free at the next start. */
const LOWEST_PORT = 17_100;
const HIGHEST_PORT = 28_900;

export interface PortChange {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/**
 * A port for every name: chosen once, kept in the file, and chosen anew only where somebody else took it meanwhile
 * (reported in `changed`).
 *
 * @param startAt where to look for free ones first
 */
export async function assignPorts(
  file: string,
  names: readonly string[],
  startAt = LOWEST_PORT,
): Promise<{ ports: Record<string, number>; changed: PortChange[] }> {
  const known = readJsonFile<Record<string, number>>(file) ?? {};
  const ports: Record<string, number> = { ...known };
  const changed: PortChange[] = [];
  const taken = new Set(Object.values(known));
  let candidate = startAt;
  for (const name of names) {
    const before = known[name];
    if (before !== undefined && (await isFree(before))) continue;
    candidate = await nextFree(candidate, taken);
    taken.add(candidate);
    ports[name] = candidate;
    if (before !== undefined) changed.push({ name, from: before, to: candidate });
  }
  writeJsonFile(file, ports);
  return { ports, changed };
}

/** A place to start looking that two platforms on one machine are unlikely to share. */
export function randomStart(chance: number): number {
  return LOWEST_PORT + Math.floor((chance * (HIGHEST_PORT - LOWEST_PORT - 100)) / 50) * 50;
}

async function nextFree(from: number, taken: ReadonlySet<number>): Promise<number> {
  for (let port = from; port <= HIGHEST_PORT; port += 1) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new TransientError('no-free-port', `no free port between ${from} and ${HIGHEST_PORT}; end what uses them.`);
}

/** Whether both this machine's loopback address and all addresses can be bound. */
async function isFree(port: number): Promise<boolean> {
  return (await canBind(port, '127.0.0.1')) && (await canBind(port, '0.0.0.0'));
}

function canBind(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

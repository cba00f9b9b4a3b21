import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Desired, Reported, Unit } from '@gitway/contracts';
import type { RunningService } from '@gitway/service';
import {
  freePort,
  httpCall,
  startTestUpstream,
  tempDir,
  type TestUpstream,
  useHaproxy,
  waitFor,
} from '@gitway/testing';
import { ask } from '../adapters/haproxy-socket.ts';
import { prepareDirectory } from '../app/run-gateway.ts';
import type { AgentConfig } from '../config.ts';
import { usePlatform } from './agent.ts';

export const inSync = (snapshot: string, generation: number) => (reported: Reported) =>
  reported.running === snapshot &&
  reported.generation === generation &&
  reported.drift.length === 0 &&
  reported.problems.length === 0;

/** The program as the agent calls it, with the library path that an unpacked one needs. */
export function programIn(
  dir: string,
  { binary, env }: { binary: string; env: Readonly<Record<string, string>> },
): string {
  const path = join(dir, 'haproxy.sh');
  const settings = Object.entries(env).map(([name, value]) => `export ${name}='${value}'\n`);
  writeFileSync(path, `#!/bin/sh\n${settings.join('')}exec '${binary}' "$@"\n`, { mode: 0o700 });
  return path;
}

/** An agent beside a real HAProxy, over a real NATS, before any snapshot. */
export function useGateway() {
  const platform = usePlatform();
  const haproxy = useHaproxy();
  const folder = tempDir();
  let port: number;
  let config: AgentConfig;
  let agent: RunningService;
  let proxy: Awaited<ReturnType<typeof haproxy.start>>;
  const upstreams = new Map<string, TestUpstream>();
  beforeAll(async () => {
    port = await freePort();
    config = platform.config(folder.path(), port, programIn(folder.path(), haproxy.installation()));
    prepareDirectory(config);
    proxy = await haproxy.start(folder.path());
    agent = await platform.startAgent(config);
  }, 60_000);
  afterAll(async () => {
    await agent.stop();
    for (const upstream of upstreams.values()) await upstream.close();
  });
  // The master answers nobody while it executes itself anew.
  const master = (command: string) => waitFor(() => ask(proxy.masterSocket, command).catch(() => null));
  return {
    platform,
    dir: () => folder.path(),
    port: () => port,
    admin: (command: string) => ask(join(folder.path(), 'admin.sock'), command),
    master,
    /** Process id of the worker that takes new connections. */
    worker: async () => Number(/^(\d+)\s+worker/m.exec(await master('show proc'))?.[1]),
    /** How often the master was asked for new workers. */
    reloads: async () => Number(/^\d+\s+master\s+(\d+)/m.exec(await master('show proc'))?.[1]),
    call: (path: string, headers: Record<string, string> = {}) => httpCall(port, path, headers),
    /** Port of an upstream that answers with its name. */
    upstream: async (name: string): Promise<number> => {
      const known = upstreams.get(name) ?? (await startTestUpstream(name));
      upstreams.set(name, known);
      return known.port;
    },
    bring: async (units: readonly Unit[], decided: Pick<Desired, 'weights' | 'blocks'> = {}): Promise<Reported> => {
      const snapshot = await platform.store(units);
      const generation = await platform.want(snapshot, 'run', decided);
      return platform.reported(inSync(snapshot, generation));
    },
    restartAgent: async () => {
      await agent.stop();
      agent = await platform.startAgent(config);
    },
    /** Ends HAProxy and starts it again from the files. */
    restartProxy: async () => {
      await proxy.stop();
      proxy = await haproxy.start(folder.path());
    },
  };
}

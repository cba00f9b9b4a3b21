import { setTimeout as delay } from 'node:timers/promises';
import type { HaproxyRendered } from '@gitway/drivers';
import { type HaproxyProcess, listenersOf } from '../adapters/haproxy-process.ts';

/** How long new workers may take until they answer; 10,000 APIs take about 2.4 s. */
const RELOAD_LIMIT_MS = 20_000;
const MASTER_LIMIT_MS = 5_000;
const POLL_MS = 5;
const PROCESS_POLL_MS = 50;

/** A worker that answered with the new configuration on every listener, or why none did. */
export type Reloaded = { readonly worker: number } | { readonly failure: string };

/** Asks for new workers and waits until one of them answers on every listener. */
export async function reloadProcess(
  haproxy: HaproxyProcess,
  rendered: HaproxyRendered,
  snapshot: string,
): Promise<Reloaded | null> {
  const before = await present(haproxy);
  if (before === null) return null;
  const listeners = listenersOf(rendered);
  const deadline = performance.now() + RELOAD_LIMIT_MS;
  let nextLook = performance.now() + PROCESS_POLL_MS;
  let waiting = 'no listener';
  await haproxy.reload();
  while (performance.now() < deadline) {
    const probes = await Promise.all(listeners.map((listener) => haproxy.probe(listener, 500)));
    const missing = probes.findIndex(
      (probe) => probe.kind !== 'gateway' || probe.snapshot !== snapshot || probe.process === before.worker,
    );
    const [first] = probes;
    if (missing < 0 && first?.kind === 'gateway') return { worker: first.process };
    waiting = `listener ${listeners[missing]?.name} at ${listeners[missing]?.address}`;
    if (performance.now() >= nextLook) {
      const after = await haproxy.processes().catch(() => null);
      if (after !== null && after.failedReloads > before.failedReloads) {
        return {
          failure: 'HAProxy could not start with the new configuration (see its log); the old one was put back',
        };
      }
      nextLook = performance.now() + PROCESS_POLL_MS;
    }
    await delay(POLL_MS);
  }
  return {
    failure: `${waiting} did not answer from the new configuration within ${RELOAD_LIMIT_MS} ms; the old one was put back`,
  };
}

/** What the master says; null when nothing runs. While it executes itself anew, the worker answers and the master does not. */
async function present(haproxy: HaproxyProcess) {
  const deadline = performance.now() + MASTER_LIMIT_MS;
  for (;;) {
    const processes = await haproxy.processes().catch(() => null);
    if (processes !== null || performance.now() > deadline || (await haproxy.identity()) === null) return processes;
    await delay(POLL_MS);
  }
}

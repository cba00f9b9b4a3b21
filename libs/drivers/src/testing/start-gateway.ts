import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Unit } from '@gitway/contracts';
import { freePort, httpCall, type TestHaproxy, waitFor } from '@gitway/testing';
import type { RenderContext } from '../driver.ts';
import { haproxy as driver } from '../haproxy/driver.ts';
import { PROBE_HEADER, PROBE_PATH } from '../haproxy/names.ts';
import { aContext, stored } from './units.ts';

/** Renders the units into the folder, has HAProxy check them and starts it; answers its port once it serves them. */
export async function startGateway(
  haproxy: TestHaproxy,
  dir: string,
  units: readonly Unit[],
  change: Partial<RenderContext> = {},
  edit = (text: string): string => text,
): Promise<number> {
  const context = aContext({ dir, listeners: { http: `127.0.0.1:${await freePort()}` }, ...change });
  const port = Number(context.listeners['http']?.split(':').at(-1));
  const rendered = driver.render(stored(units), context);
  mkdirSync(join(dir, 'maps'));
  for (const [path, text] of rendered.files) writeFileSync(join(dir, path), path === rendered.main ? edit(text) : text);
  const { binary, env } = haproxy.installation();
  execFileSync(binary, ['-c', '-f', join(dir, rendered.main)], { env: { ...env }, stdio: 'pipe' });
  await haproxy.start(dir);
  await waitFor(async () => (await httpCall(port, PROBE_PATH, { [PROBE_HEADER]: context.probeToken })).status === 204);
  return port;
}

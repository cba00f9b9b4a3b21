import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../run.ts';
import type { ServerName } from '../server.ts';
import { WayFailed } from './apt.ts';
import { firstLine } from './check-installation.ts';
import { programs } from './programs.ts';

/** The program of a Homebrew formula, installed first when it is not. Starts no Homebrew service. */
export async function fromHomebrew(
  server: ServerName,
  run: Run,
  say: (step: string, message: string) => void,
  exists: (file: string) => boolean = existsSync,
): Promise<string> {
  const { homebrew: formula, binaries } = programs[server];
  const program = async () => {
    const prefix = await run('brew', ['--prefix', formula]);
    if (prefix.code !== 0) return null;
    return binaries.map((name) => join(prefix.stdout.trim(), 'bin', name)).find((file) => exists(file)) ?? null;
  };
  const installed = await program();
  if (installed !== null) return installed;
  say('install', `installing ${formula} with Homebrew`);
  const result = await run('brew', ['install', '--quiet', formula], {
    timeoutMs: 600_000,
    env: { HOMEBREW_NO_AUTO_UPDATE: '1', HOMEBREW_NO_ANALYTICS: '1' },
  });
  if (result.code !== 0) throw new WayFailed(`brew install ${formula} failed: ${firstLine(result.stderr)}`);
  const binary = await program();
  if (binary === null) throw new WayFailed(`brew installed ${formula}, which holds no ${binaries[0]}`);
  return binary;
}

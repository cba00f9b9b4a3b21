import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NotFoundError } from '@gitway/errors';
import { repositoryRoot } from './repository-root.ts';

const entries = { bench: 'bench/dist/main.js', gitway: 'cli/bin/gitway.mjs' };

/** Runs another package's program in this terminal, in the folder where npm was called. @returns its exit code */
export async function runPackage(name: keyof typeof entries, args: readonly string[]): Promise<number> {
  const entry = join(repositoryRoot, entries[name]);
  if (!existsSync(entry))
    throw new NotFoundError('program', `${entries[name]} does not exist; build it with npm run build`);
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: 'inherit',
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
  });
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGTERM', passOn);
  // A terminal sends Ctrl-C to the child as well; it decides when to end.
  process.on('SIGINT', () => {});
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

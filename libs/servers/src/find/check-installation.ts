import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isExecutable, type Run } from '../run.ts';
import type { Installation, InstallationSource, ServerName } from '../server.ts';
import { isSupported, programs } from './programs.ts';

export interface Candidate {
  readonly binary: string;
  readonly source: InstallationSource;
  readonly env?: Readonly<Record<string, string>>;
}

export type Checked =
  { readonly ok: true; readonly installation: Installation } | { readonly ok: false; readonly reason: string };

/** Proves that a program runs here, is new enough, and has what it needs beside it. */
export async function checkInstallation(server: ServerName, candidate: Candidate, run: Run): Promise<Checked> {
  const { binary, source, env = {} } = candidate;
  if (!isExecutable(binary)) return { ok: false, reason: `${binary} is not an executable file` };
  const program = programs[server];
  // Postgres finds its companions beside the file that a link points to, and Redis chooses what to be by its name.
  const real = program.companions.length > 0 ? realpathSync(binary) : binary;
  for (const companion of program.companions) {
    const file = join(dirname(real), companion);
    if (!isExecutable(file)) return { ok: false, reason: `${real} has no ${companion} beside it` };
    const answer = await run(file, ['--version'], { env, timeoutMs: 10_000 });
    if (answer.code !== 0) return { ok: false, reason: `${file} does not run: ${firstLine(answer.stderr)}` };
  }
  const answer = await run(real, program.versionArgs, { env, timeoutMs: 10_000 });
  if (answer.code !== 0) return { ok: false, reason: `${real} does not run: ${firstLine(answer.stderr)}` };
  const version = program.version.exec(`${answer.stdout}\n${answer.stderr}`)?.[1];
  if (version === undefined) return { ok: false, reason: `${real} does not tell its version` };
  if (!isSupported(server, version))
    return { ok: false, reason: `${real} is version ${version}, older than ${program.minimum.join('.')}` };
  return { ok: true, installation: { server, source, binary: real, version, env } };
}

export function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

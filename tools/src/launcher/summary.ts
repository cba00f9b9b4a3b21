import { relative } from 'node:path';
import type { SourceView } from '@gitway/contracts';
import type { FirstPush } from './first-push.ts';
import { gatewaySites } from './layout.ts';
import { followedSources, thingsToTry } from './next-steps.ts';
import type { PlatformAccess } from './platform-access.ts';

export interface SummaryOptions {
  /** That of this start; null when the example was pushed earlier, or is not there. */
  readonly firstPush: FirstPush | null;
  /** What is followed without the example; null where that is not known. */
  readonly sources: readonly SourceView[] | null;
  /** Secrets are shown once, at the first start. */
  readonly showSecrets: boolean;
  readonly tookMs: number;
  /** The folder that paths are shown relative to. */
  readonly from: string;
}

/** What a person reads when the platform is up. Every line that begins with `$` can be pasted into a terminal. */
export function summary(access: PlatformAccess, options: SummaryOptions): string {
  const { urls, secrets, state } = access;
  const path = (file: string) => shellPath(file, options.from);
  // The others belong to the example.
  const secretsShown =
    urls.clone === null
      ? `console token ${secrets.consoleToken}`
      : `console token ${secrets.consoleToken}, git token ${secrets.gitToken}, API key ${secrets.demoKey}`;
  const lines = [
    '',
    `Gitway is up (${(options.tookMs / 1000).toFixed(1)} s). Ctrl-C stops it; what it knows is kept in ${path(state.path)}.`,
    '',
    ...gatewaySites.map(({ environment }) => `  ${environment.padEnd(12)} ${urls.gateways[environment]}`),
    `  ${'console'.padEnd(12)} ${urls.console}/api/status  (Authorization: Bearer $(cat ${path(state.consoleToken)}))`,
  ];
  if (urls.clone !== null) lines.push(`  ${'repository'.padEnd(12)} ${urls.clone}`);
  lines.push(`  ${'logs'.padEnd(12)} ${path(state.logs)}`);
  lines.push(
    options.showSecrets
      ? `  ${'secrets'.padEnd(12)} shown this once, kept in ${path(state.secrets)}: ${secretsShown}`
      : `  ${'secrets'.padEnd(12)} ${path(state.secrets)}`,
  );
  if (options.firstPush !== null && Object.keys(options.firstPush.liveAfterMs).length > 0) {
    const live = Object.entries(options.firstPush.liveAfterMs).map(
      ([environment, ms]) => `${environment} after ${ms} ms`,
    );
    lines.push('', `The first push (${options.firstPush.commit.slice(0, 8)}) was live in ${live.join(', in ')}.`);
  }
  if (urls.clone !== null) lines.push('', ...thingsToTry(access, path));
  else if (options.sources !== null) lines.push('', ...followedSources(access, options.sources, path));
  return `${lines.join('\n')}\n`;
}

/** Relative where that is shorter, quoted where a shell would need it. */
function shellPath(file: string, from: string): string {
  const near = relative(from, file);
  const shown = near !== '' && !near.startsWith('..') ? near : file;
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

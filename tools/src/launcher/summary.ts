import { join, relative } from 'node:path';
import type { FirstPush } from './first-push.ts';
import { defaultStateDir, gatewaySites } from './layout.ts';
import type { PlatformAccess } from './platform-access.ts';

export interface SummaryOptions {
  readonly firstPush: FirstPush | null;
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
  const lines = [
    '',
    `Gitway is up (${(options.tookMs / 1000).toFixed(1)} s). Ctrl-C stops it; what it knows is kept in ${path(state.path)}.`,
    '',
    ...gatewaySites.map(({ environment }) => `  ${environment.padEnd(12)} ${urls.gateways[environment]}`),
    `  ${'console'.padEnd(12)} ${urls.console}/api/status  (Authorization: Bearer <token>)`,
  ];
  if (urls.clone !== null) lines.push(`  ${'repository'.padEnd(12)} ${urls.clone}`);
  lines.push(`  ${'logs'.padEnd(12)} ${path(state.logs)}`);
  lines.push(
    options.showSecrets
      ? `  ${'secrets'.padEnd(12)} shown this once, kept in ${path(state.secrets)}: console token ${secrets.consoleToken}, git token ${secrets.gitToken}, API key ${secrets.demoKey}`
      : `  ${'secrets'.padEnd(12)} ${path(state.secrets)}`,
  );
  if (options.firstPush !== null && Object.keys(options.firstPush.liveAfterMs).length > 0) {
    const live = Object.entries(options.firstPush.liveAfterMs).map(
      ([environment, ms]) => `${environment} after ${ms} ms`,
    );
    lines.push('', `The first push (${options.firstPush.commit.slice(0, 8)}) was live in ${live.join(', in ')}.`);
  }
  if (urls.clone !== null) lines.push('', ...callAndTry(access, path));
  return `${lines.join('\n')}\n`;
}

function callAndTry(access: PlatformAccess, path: (file: string) => string): string[] {
  const { urls, state } = access;
  const staging = gatewaySites[0]!;
  const url = urls.gateways[staging.environment]!;
  const config = path(join(state.gatewayDirectory(staging.gateway), 'haproxy.cfg'));
  const clone = urls.clone!.replace('//', `//git:$(cat ${path(state.gitToken)})@`);
  const copy = path(join(state.path, 'my-apis'));
  const api = path(join(state.path, 'my-apis', 'apis', 'comics', 'api.yaml'));
  const gitway = gitwayCommand(access, path);
  const push = (message: string) => `git -C ${copy} commit -qam "${message}" && git -C ${copy} push -q && sleep 2`;
  return [
    'Call an API through the gateway:',
    `  $ curl -H "x-api-key: $(cat ${path(state.demoKey)})" ${url}/pictures/apod`,
    '',
    'Five things to try:',
    '  1. Change an API, push, and see it live in about a second:',
    `     $ git clone -q -c user.name=You -c user.email=you@example.com "${clone}" ${copy}`,
    `     $ perl -pi -e 's{/comics}{/cartoons}' ${api} && ${push('comics: move')} && curl ${url}/cartoons/info.0.json`,
    '  2. Break it: it is refused with file, line and column, and what serves keeps serving. Then take it back:',
    `     $ perl -pi -e 's/basePath:/basPath:/' ${api} && ${push('comics: break')} && ${gitway} incidents; ${gitway} check ${copy} | head -20; curl ${url}/cartoons/info.0.json`,
    `     $ git -C ${copy} revert --no-edit HEAD && git -C ${copy} push -q`,
    '  3. Change the gateway by hand: it is noticed and put back:',
    `     $ echo '# by hand' >> ${config}; tail -1 ${config}; sleep 4; tail -1 ${config}`,
    '  4. Go back to what was there before:',
    `     $ ${gitway} rollback staging --reason "trying it out"`,
    '  5. Watch everything that happens, or ask how things are:',
    `     $ ${gitway} events --follow`,
    `     $ ${gitway} status`,
  ];
}

/** The CLI finds the platform of this checkout by itself; another one has to be named. */
function gitwayCommand({ state, urls }: PlatformAccess, path: (file: string) => string): string {
  const command = 'npm run --silent gitway --';
  if (state.path === defaultStateDir) return command;
  return `GITWAY_URL=${urls.console} GITWAY_TOKEN=$(cat ${path(state.consoleToken)}) ${command}`;
}

/** Relative where that is shorter, quoted where a shell would need it. */
function shellPath(file: string, from: string): string {
  const near = relative(from, file);
  const shown = near !== '' && !near.startsWith('..') ? near : file;
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

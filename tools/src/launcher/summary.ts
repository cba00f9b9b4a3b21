import { relative } from 'node:path';
import type { FirstPush } from './first-push.ts';
import { gatewaySites, proxyName } from './layout.ts';
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
  const directory = state.gatewayDirectory(staging.gateway);
  const server = access.ports[proxyName(staging)];
  const clone = urls.clone!.replace('//', `//git:$(cat ${path(state.gitToken)})@`);
  const gitway = 'npm run --silent gitway --';
  return [
    'Call an API through the gateway:',
    `  $ curl -H "x-api-key: $(cat ${path(state.demoKey)})" ${urls.gateways['staging']}/pictures/apod`,
    '',
    'Five things to try:',
    '  1. Change an API, push, and see it live in about a second:',
    `     $ git clone "${clone}" my-apis`,
    `     $ perl -pi -e 's{/comics}{/cartoons}' my-apis/apis/comics/api.yaml && git -C my-apis commit -qam "comics: move" && git -C my-apis push -q; sleep 2; curl http://127.0.0.1:${server}/cartoons/info.0.json`,
    '  2. Break it; it is refused with file, line and column, and what serves keeps serving:',
    `     $ perl -pi -e 's/basePath:/basPath:/' my-apis/apis/comics/api.yaml && git -C my-apis commit -qam "comics: break" && git -C my-apis push -q; sleep 2; ${gitway} check my-apis; git -C my-apis revert --no-edit HEAD && git -C my-apis push -q`,
    '  3. Change the gateway by hand; it is noticed and put back:',
    `     $ echo '# by hand' >> ${path(`${directory}/haproxy.cfg`)}; sleep 4; tail -1 ${path(`${directory}/haproxy.cfg`)}`,
    '  4. Go back to what was there before:',
    `     $ ${gitway} rollback staging --reason "trying it out"`,
    '  5. Watch everything that happens, or ask how things are:',
    `     $ ${gitway} events --follow`,
    `     $ ${gitway} status`,
  ];
}

/** Relative where that is shorter, quoted where a shell would need it. */
function shellPath(file: string, from: string): string {
  const near = relative(from, file);
  const shown = near !== '' && !near.startsWith('..') ? near : file;
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}

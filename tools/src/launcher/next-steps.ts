import { join } from 'node:path';
import type { SourceView } from '@gitway/contracts';
import { defaultStateDir, gatewaySites } from './layout.ts';
import type { PlatformAccess } from './platform-access.ts';

/** Shows a file as a shell takes it. */
export type ShellPath = (file: string) => string;

/** With the example: a call, and five things to try. Each line can be pasted again and again, also after the demo. */
export function thingsToTry(access: PlatformAccess, path: ShellPath): string[] {
  const { urls, state } = access;
  const staging = gatewaySites[0]!;
  const url = urls.gateways[staging.environment]!;
  const config = path(join(state.gatewayDirectory(staging.gateway), 'haproxy.cfg'));
  const clone = urls.clone!.replace('//', `//git:$(cat ${path(state.gitToken)})@`);
  const copy = path(state.userClone);
  const api = path(join(state.userClone, 'apis', 'comics', 'api.yaml'));
  const gitway = gitwayCommand(access, path);
  const pull = `git -C ${copy} pull -q --rebase`;
  const push = (message: string) => `git -C ${copy} commit -qam "${message}" && git -C ${copy} push -q && sleep 3`;
  const call = `curl -s ${url}$base/info.0.json`;
  return [
    'Call an API through the gateway:',
    `  $ curl -s -H "x-api-key: $(cat ${path(state.demoKey)})" ${url}/pictures/apod`,
    '',
    'Five things to try:',
    '  1. Change an API, push, and see it live in about a second:',
    `     $ if [ -d ${copy} ]; then ${pull}; else git clone -q -c user.name=You -c user.email=you@example.com "${clone}" ${copy}; fi`,
    `     $ base=/comics-$(date +%s); perl -pi -e "s{basePath: .*}{basePath: $base}" ${api} && ${push('comics: move')} && ${call}`,
    '  2. Break it: it is refused with file, line and column, and what serves keeps serving. Then take it back:',
    `     $ ${pull}; base=$(sed -n 's/.*basePath: //p' ${api}); perl -pi -e 's/basePath:/basPath:/' ${api} && ${push('comics: break')}; ${gitway} check ${copy} --severity error; ${gitway} incidents; ${call}`,
    `     $ git -C ${copy} revert --no-edit HEAD && git -C ${copy} push -q`,
    '  3. Change the gateway by hand: it is noticed and put back:',
    `     $ echo '# by hand' >> ${config}; tail -n 1 ${config}; sleep 4; tail -n 1 ${config}`,
    '  4. Go back to what was there before:',
    `     $ ${gitway} rollback staging --reason "trying it out"`,
    '  5. Watch everything that happens, or ask how things are:',
    `     $ ${gitway} events --follow`,
    `     $ ${gitway} status`,
  ];
}

/** Without the example: which repositories are followed, and what to do so that something is served. */
export function followedSources(access: PlatformAccess, sources: readonly SourceView[], path: ShellPath): string[] {
  const gitway = gitwayCommand(access, path);
  if (sources.length === 0) {
    return [
      'No repository is followed. Stop this, and name one (README, "Follow a repository of your own"):',
      `  $ GITWAY_SOURCES='[{"name":"apis","url":"https://git.example.com/apis.git"}]' npm start -- --no-example`,
    ];
  }
  return [
    'Followed:',
    ...sources.map(({ name, repository, branches, failure }) => {
      const problem = failure === null ? '' : `; it cannot be read: ${failure}`;
      return `  ${name.padEnd(12)} ${repository} (${branches.join(', ')}), webhook ${access.urls.console}/webhooks/${name}${problem}`;
    }),
    '',
    `What the repository says goes live by itself, given it names the environments and gateways of this machine`,
    `(${gatewaySites.map(({ environment, gateway }) => `${environment} with ${gateway}`).join(', ')}). See what becomes of it:`,
    `  $ ${gitway} status`,
    `  $ ${gitway} incidents`,
    `  $ ${gitway} events --follow`,
  ];
}

/** The CLI finds the platform of this checkout by itself; another one has to be named. */
function gitwayCommand({ state, urls }: PlatformAccess, path: ShellPath): string {
  const command = 'npm run --silent gitway --';
  if (state.path === defaultStateDir) return command;
  return `GITWAY_URL=${urls.console} GITWAY_TOKEN=$(cat ${path(state.consoleToken)}) ${command}`;
}

import type { RemoteUrl } from '../domain/remote-url.ts';

export interface RemoteAccess {
  readonly remote: RemoteUrl;
  readonly username: string;
  readonly token: string | null;
  /** Addresses that the host may be connected to, resolved and judged beforehand; null: whatever it resolves to. */
  readonly pinnedAddresses: readonly string[] | null;
}

/**
 * The whole environment of a git process. It takes nothing from the machine's or a user's configuration, asks no
 * questions, and runs no hook, helper, filter or submodule. Configuration and the token travel in the environment,
 * never in arguments (which any user of the machine can list) or in a URL.
 */
export function gitEnvironment(options: {
  home: string;
  path: string;
  /** Null for work on the local object store. `silenceMs`: how long the server may say nothing. */
  access: (RemoteAccess & { readonly silenceMs: number }) | null;
}): Record<string, string> {
  const configuration: [string, string][] = [
    ['core.hooksPath', '/dev/null'],
    ['core.attributesFile', '/dev/null'],
    ['core.fsmonitor', 'false'],
    ['core.logAllRefUpdates', 'false'],
    ['credential.helper', ''],
    ['gc.auto', '0'],
    ['maintenance.auto', 'false'],
    ['fetch.writeCommitGraph', 'false'],
    ['fetch.recurseSubmodules', 'false'],
    ['submodule.recurse', 'false'],
    ['safe.directory', '*'],
    ['protocol.version', '2'],
    ['protocol.allow', 'never'],
    ...(options.access === null ? [] : remoteConfiguration(options.access)),
  ];
  const environment: Record<string, string> = {
    PATH: options.path,
    HOME: options.home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_CONFIG_COUNT: String(configuration.length),
  };
  configuration.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return environment;
}

function remoteConfiguration(access: RemoteAccess & { silenceMs: number }): [string, string][] {
  const { remote, username, token, pinnedAddresses, silenceMs } = access;
  const configuration: [string, string][] = [[`protocol.${remote.transport}.allow`, 'always']];
  if (remote.transport !== 'https' && remote.transport !== 'http') return configuration;
  configuration.push(
    // A redirection could lead to an address that was not judged, and would take the token along.
    ['http.followRedirects', 'false'],
    ['http.lowSpeedLimit', '100'],
    ['http.lowSpeedTime', String(Math.ceil(silenceMs / 1000))],
    ['http.userAgent', 'gitway'],
  );
  if (token !== null) {
    const credentials = Buffer.from(`${username}:${token}`).toString('base64');
    configuration.push([`http.${remote.display}.extraHeader`, `Authorization: Basic ${credentials}`]);
  }
  if (pinnedAddresses !== null && pinnedAddresses.length > 0) {
    const addresses = pinnedAddresses.map((address) => (address.includes(':') ? `[${address}]` : address));
    configuration.push(['http.curloptResolve', `${remote.host}:${remote.port}:${addresses.join(',')}`]);
  }
  return configuration;
}

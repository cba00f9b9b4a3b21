import { type AllowedHost, parseAllowedHost, RemoteSession } from '@gitway/compile-host';
import type { CompileOptions } from '@gitway/compiler';
import { InvalidInputError } from '@gitway/errors';
import { Option } from 'commander';

/** What the option comes to on a command. */
export interface RemoteOption {
  readonly allowRemoteRef?: readonly AllowedHost[];
}

/** @throws InvalidInputError `bad-remote-host` */
export const remoteOption = () =>
  new Option(
    '--allow-remote-ref <host>',
    'let $refs and rulesets lead to this host, as in schemas.example.com; may be repeated',
  )
    .default([], 'none')
    .argParser((text, before: readonly AllowedHost[]): readonly AllowedHost[] => {
      const host = parseAllowedHost(text);
      if (!('problem' in host)) return [...before, host];
      throw new InvalidInputError('bad-remote-host', `--allow-remote-ref: what is given ${host.problem}.`);
    });

/** For one compile, or for several that are to see the same of other servers. */
export const remoteFiles = (hosts: readonly AllowedHost[] = []): Pick<CompileOptions, 'remote'> =>
  hosts.length === 0 ? {} : { remote: new RemoteSession(hosts) };

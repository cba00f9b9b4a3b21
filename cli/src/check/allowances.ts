import { type AllowedHost, parseAllowedHost, RemoteSession } from '@gitway/compile-host';
import type { CompileOptions } from '@gitway/compiler';
import { InvalidInputError } from '@gitway/errors';
import { type Command, Option } from 'commander';

/** What a command that compiles a folder lets its files do beyond the folder, as its options. */
export interface Allowances {
  /** Hosts that documents and rulesets may refer to. */
  readonly allowRemoteRef?: readonly AllowedHost[];
  /** Whether JavaScript functions of rulesets are run. */
  readonly allowRulesetFunctions?: boolean;
}

/** @throws InvalidInputError `bad-remote-host` */
const remoteOption = () =>
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

/** Gives a command the options. */
export const withAllowances = (command: Command): Command =>
  command
    .addOption(remoteOption())
    .option('--allow-ruleset-functions', 'run JavaScript functions of Spectral rulesets, in a sandbox');

/** For one compile, or for several that are to see the same of other servers. */
export const allowed = ({
  allowRemoteRef: hosts = [],
  allowRulesetFunctions: rulesetFunctions = false,
}: Allowances): Pick<CompileOptions, 'remote' | 'rulesetFunctions'> => ({
  rulesetFunctions,
  ...(hosts.length === 0 ? {} : { remote: new RemoteSession(hosts) }),
});

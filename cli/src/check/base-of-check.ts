import {
  changedRules,
  compileWorkspace,
  liveFromCompiled,
  MemoryCache,
  ruleChangeFindings,
  ruleDigests,
  type ApiUsage,
  type CompiledWorkspace,
  type CompileOptions,
  type DriverCheck,
  type LiveEnvironment,
  type RulesInForce,
} from '@gitway/compiler';
import { catalogueViewSchema, type Finding } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import type { ConsoleClient } from '../client/console-client.ts';
import { hear } from '../rules/hear.ts';
import { fetchUsage } from '../rules/usage.ts';
import { GitTree } from './git-tree.ts';
import { allowed, type Allowances } from './allowances.ts';

export interface BaseMeans {
  readonly folder: string;
  readonly drivers: Readonly<Record<string, DriverCheck>>;
  readonly allowances: Allowances;
  /** What revisions are compiled with, beside this thread and its memory. */
  readonly compile?: Pick<CompileOptions, 'documents' | 'lasting'>;
  now(): Date;
  /** Tells what was compared with what, and what was not. */
  say(sentence: string): void;
}

/** What a check is compared with, environment by environment. */
export interface BaseOfCheck {
  live(environment: string): Promise<LiveEnvironment | null>;
  /** Whom rules that changed would hit of what is live there. */
  ruleChange?(environment: string, revision: CompiledWorkspace): Promise<readonly Finding[]>;
  /** Ends what was started to read it. */
  close(): Promise<void>;
}

/** A revision of the local repository. Of usage it knows nothing. */
export function baseFromGit(revision: string, means: BaseMeans): BaseOfCheck {
  const revisions = new Revisions(means);
  const unknown = Promise.resolve({ unknown: 'this check did not ask a platform (`--against live` does)' });
  return {
    live: (environment) => revisions.of(revision, revision, environment, () => unknown),
    close: () => revisions.close(),
  };
}

/** What the platform says is live, read from the local repository, and who calls it there. */
export function baseFromLive(client: ConsoleClient, means: BaseMeans): BaseOfCheck {
  const revisions = new Revisions(means);
  const commitOf = async (environment: string) => {
    const view = await client.get('/api/apis', catalogueViewSchema, { environment, limit: 1 });
    return view.environments.find(({ name }) => name === environment)?.live?.commit;
  };
  const usage = (environment: string) => (api: string, since: Date) => fetchUsage(client, environment, api, since);
  return {
    close: () => revisions.close(),
    live: async (environment) => {
      const commit = await commitOf(environment);
      if (commit === undefined) {
        means.say(`nothing is live in ${environment}, so nothing was compared`);
        return null;
      }
      return revisions.of(commit, 'what is live', environment, usage(environment));
    },
    ruleChange: async (environment, { rules }) => {
      const commit = await commitOf(environment);
      return commit === undefined ? [] : revisions.ruleChange(commit, environment, rules, usage(environment));
    },
  };
}

interface Compiled {
  readonly reader: GitTree;
  readonly result: CompiledWorkspace;
}

/** Revisions of the repository around a folder, each compiled once. */
class Revisions {
  private readonly cache = new MemoryCache();
  private readonly compiled = new Map<string, Promise<Compiled>>();
  private readonly said = new Set<string>();

  constructor(private readonly means: BaseMeans) {}

  async of(
    revision: string,
    name: string,
    environment: string,
    usage: (api: string, since: Date) => Promise<ApiUsage>,
  ): Promise<LiveEnvironment | null> {
    const { reader, result } = await this.compiledOf(revision);
    const label = `${name} (${reader.commit.slice(0, 7)})`;
    const live = liveFromCompiled(result, environment, reader, { name: label, usage });
    if (live !== null) this.say(`${environment} was compared with ${label}`);
    else if (result.environments.some((each) => each.name === environment)) {
      this.say(`${environment} was not compared: ${label} does not compile for it`);
    } else this.say(`${environment} was not compared: ${label} has no such environment`);
    return live;
  }

  /** Rules that say something else than those of the revision, held against it. */
  async ruleChange(
    revision: string,
    environment: string,
    rules: RulesInForce,
    usage: (api: string, since: Date) => Promise<ApiUsage>,
  ): Promise<readonly Finding[]> {
    const { reader, result } = await this.compiledOf(revision);
    const live = result.environments.find(({ name }) => name === environment);
    if (live === undefined || live.snapshot === null) return [];
    const now = this.means.now();
    const changed = changedRules(rules, ruleDigests(rules, environment), ruleDigests(result.rules, environment));
    return ruleChangeFindings(changed, rules, {
      environment,
      now,
      units: [...live.units.values()],
      hear: () => hear(reader, environment, rules, this.options()),
      usage,
    });
  }

  async close(): Promise<void> {
    for (const compiled of await Promise.allSettled(this.compiled.values())) {
      if (compiled.status === 'fulfilled') compiled.value.reader.close();
    }
  }

  private compiledOf(revision: string): Promise<Compiled> {
    let compiling = this.compiled.get(revision);
    if (compiling === undefined) this.compiled.set(revision, (compiling = this.compile(revision)));
    return compiling;
  }

  private options() {
    const { allowances, compile, now } = this.means;
    return { cache: this.cache, now: now(), ...allowed(allowances), ...compile };
  }

  private async compile(revision: string): Promise<Compiled> {
    const reader = await GitTree.open(this.means.folder, revision);
    const result = await compileWorkspace(reader, { drivers: this.means.drivers, ...this.options() });
    return { reader, result };
  }

  private say(sentence: string): void {
    if (this.said.has(sentence)) return;
    this.said.add(sentence);
    this.means.say(sentence);
  }
}

/** @throws InvalidInputError `bad-against` */
export function againstArgument(what: string): 'live' {
  if (what === 'live') return what;
  throw new InvalidInputError('bad-against', '--against takes the word live; a revision is given with --base.');
}

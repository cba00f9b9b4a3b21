import {
  compileWorkspace,
  liveFromCompiled,
  MemoryCache,
  type ApiUsage,
  type CompileResult,
  type DriverCheck,
  type LiveEnvironment,
} from '@gitway/compiler';
import type { AllowedHost } from '@gitway/compile-host';
import { catalogueViewSchema, usageViewSchema } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import type { ConsoleClient } from '../client/console-client.ts';
import { GitTree } from './git-tree.ts';
import { remoteFiles } from './remote-option.ts';

export interface BaseMeans {
  readonly folder: string;
  readonly drivers: Readonly<Record<string, DriverCheck>>;
  /** Hosts that documents and rulesets may refer to. */
  readonly remoteHosts?: readonly AllowedHost[] | undefined;
  now(): Date;
  /** Tells what was compared with what, and what was not. */
  say(sentence: string): void;
}

/** What a check is compared with, environment by environment. */
export interface BaseOfCheck {
  live(environment: string): Promise<LiveEnvironment | null>;
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
  return {
    close: () => revisions.close(),
    live: async (environment) => {
      const view = await client.get('/api/apis', catalogueViewSchema, { environment, limit: 1 });
      const live = view.environments.find(({ name }) => name === environment)?.live;
      if (live === null || live === undefined) {
        means.say(`nothing is live in ${environment}, so nothing was compared`);
        return null;
      }
      const usage = async (api: string, since: Date): Promise<ApiUsage> => {
        const query = { environment, api, since: since.toISOString() };
        const { knownSince, items } = await client.get('/api/usage', usageViewSchema, query);
        if (knownSince === null) return { unknown: `no usage of ${environment} has been heard of yet` };
        const entries = items.map((item) => ({ ...item, lastAt: new Date(item.lastAt) }));
        return { knownSince: new Date(knownSince), entries };
      };
      return revisions.of(live.commit, 'what is live', environment, usage);
    },
  };
}

interface Compiled {
  readonly reader: GitTree;
  readonly result: CompileResult;
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
    let compiling = this.compiled.get(revision);
    if (compiling === undefined) this.compiled.set(revision, (compiling = this.compile(revision)));
    const { reader, result } = await compiling;
    const label = `${name} (${reader.commit.slice(0, 7)})`;
    const live = liveFromCompiled(result, environment, reader, { name: label, usage });
    if (live !== null) this.say(`${environment} was compared with ${label}`);
    else if (result.environments.some((each) => each.name === environment)) {
      this.say(`${environment} was not compared: ${label} does not compile for it`);
    } else this.say(`${environment} was not compared: ${label} has no such environment`);
    return live;
  }

  async close(): Promise<void> {
    for (const compiled of await Promise.allSettled(this.compiled.values())) {
      if (compiled.status === 'fulfilled') compiled.value.reader.close();
    }
  }

  private async compile(revision: string): Promise<Compiled> {
    const reader = await GitTree.open(this.means.folder, revision);
    const { drivers, remoteHosts } = this.means;
    const result = await compileWorkspace(reader, {
      drivers,
      cache: this.cache,
      now: this.means.now(),
      ...remoteFiles(remoteHosts),
    });
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

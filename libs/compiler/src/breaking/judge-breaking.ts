import type { ApiUnit, ConsumerEntry, Finding, Location, Unit } from '@gitway/contracts';
import { parseDurationMs } from '@gitway/contracts';
import type { ApiResource, BreakingRules } from '@gitway/resources';
import type { CompiledApi } from '../environment/compile-api.ts';
import { finding } from '../findings.ts';
import { resolvePath } from '../paths.ts';
import { type RemoteCopies, withCopies } from '../openapi/remote-files.ts';
import type { CompileCache, DocumentReader, LastingCache, WorkspaceEntry, WorkspaceReader } from '../workspace.ts';
import type { Change } from './compare-documents.ts';
import { documentChanges } from './document-changes.ts';
import { judgeChange, type Circumstances } from './judge-change.ts';
import type { LiveEnvironment } from './live.ts';
import { goneOperations } from './narrowed.ts';
import { defaultBreakingPolicies } from './policy.ts';
import type { TakesBack } from './takes-back.ts';
import { takesOver } from './takes-over.ts';
import { unitChanges } from './unit-changes.ts';

export interface BreakingContext {
  readonly cache: CompileCache;
  readonly lasting: LastingCache;
  readonly entries: ReadonlyMap<string, WorkspaceEntry>;
  readonly reader: WorkspaceReader;
  readonly remote: RemoteCopies;
  /** Who compares documents. */
  readonly documentReader: DocumentReader;
  readonly breathe: () => Promise<void>;
  readonly breakingRules: readonly BreakingRules[];
  readonly now: Date | undefined;
  /** Whether Gitway wrote the revision itself, to take another one back. */
  readonly writtenByGitway: boolean;
  /** Takes the sentence of each change that was accepted. */
  readonly accepted: string[];
}

/** A version that was live so short a time ago may come back: that is how mistakes are mended. */
const TAKES_BACK_MS = 24 * 3_600_000;

/** What of a revision breaks callers of what is live in an environment. Costs what differs between the two. */
export async function judgeBreaking(
  environment: string,
  live: LiveEnvironment,
  apis: readonly CompiledApi[],
  units: Iterable<Unit>,
  context: BreakingContext,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const revision = new Map(apis.map((api) => [api.unit.name, api]));
  const known = new Set(live.apis.map(({ name }) => name));
  const added = apis.filter(({ unit }) => !known.has(unit.name));
  const consumers = [...units].flatMap((unit) => (unit.kind === 'consumers' ? unit.consumers : []));
  for (const { name, unit: digest } of live.apis) {
    const same = revision.get(name);
    if (same?.digest === digest) continue;
    const before = await live.unit(digest);
    if (before === undefined) {
      findings.push(notCompared(same, name, `${live.name} of Api \`${name}\` cannot be read any more`));
      continue;
    }
    const after = same ?? added.find(({ unit }) => takesOver(unit.route, before.route));
    findings.push(...(await judgeApi(environment, live, before, after, consumers, context)));
    await context.breathe();
  }
  return findings;
}

async function judgeApi(
  environment: string,
  live: LiveEnvironment,
  before: ApiUnit,
  after: CompiledApi | undefined,
  consumers: readonly ConsumerEntry[],
  context: BreakingContext,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const changes: { change: Change; where: Location }[] = [];
  if (after === undefined) {
    const change = { ...removed(before), where: { object: `Api/${before.name}` } };
    changes.push({ change, where: change.where });
  } else {
    for (const { field, ...change } of unitChanges(before, after.unit, consumers)) {
      const where = after.filled.placeOf(field);
      changes.push({ change: { ...change, where }, where });
    }
    if (before.openapi.digest !== after.unit.openapi.digest) {
      const compared = await compareDocuments(live, before, after, context);
      if ('problem' in compared) {
        findings.push(compared.problem);
        const where = after.filled.placeOf(['spec', 'openapi']);
        for (const change of goneOperations(before, after.unit)) changes.push({ change: { ...change, where }, where });
      } else
        for (const change of compared.changes)
          changes.push({ change, where: { ...change.where, object: `Api/${after.unit.name}` } });
    }
  }
  if (changes.length === 0) return findings;
  const circumstances = await circumstancesOf(environment, live, before, after, context);
  for (const { change, where } of changes) {
    const judged = judgeChange(change, where, circumstances);
    if (judged !== undefined) findings.push(judged);
  }
  return findings;
}

function removed({ name }: ApiUnit): Omit<Change, 'where'> {
  return {
    id: 'gateway-api-removed',
    level: 'error',
    message: `Api \`${name}\` is gone with all of its operations`,
    hint: 'Keep it `deprecated` with a sunset date until its callers have left.',
    concerns: { consumers: null },
  };
}

async function compareDocuments(
  live: LiveEnvironment,
  before: ApiUnit,
  after: CompiledApi,
  { cache, lasting, documentReader, entries, reader, remote, now }: BreakingContext,
): Promise<{ changes: readonly Change[] } | { problem: Finding }> {
  const source = await live.document(before.openapi.digest);
  const unreadable = `the document of Api \`${before.name}\` that is live cannot be read any more`;
  if (source === undefined) return { problem: notCompared(after, before.name, unreadable) };
  const root = pathOf(after);
  const files = [...entries.values(), ...[...remote.taken.keys()].map((url) => remote.entry(url)!)];
  const compared = await documentChanges(
    { digest: before.openapi.digest, source },
    {
      digest: after.unit.openapi.digest,
      source: { root, list: () => Promise.resolve(files), read: withCopies(reader, remote.taken) },
    },
    now?.toISOString().slice(0, 10),
    { cache, lasting, documents: documentReader },
  );
  if ('changes' in compared) return compared;
  const why = {
    'base-unreadable': unreadable,
    'revision-unreadable': `the document of Api \`${after.unit.name}\` cannot be read as a whole`,
    'takes-too-much': `it takes more than ${'limit' in compared ? compared.limit : ''} to compare the two documents of Api \`${after.unit.name}\``,
  }[compared.notCompared];
  return { problem: notCompared(after, before.name, why) };
}

/** Where the document of an API lies; one that was compiled lies somewhere. */
function pathOf({ filled }: CompiledApi): string {
  const { openapi } = filled.spec as ApiResource['spec'];
  const target = resolvePath(filled.resource.file.path, openapi);
  return 'path' in target ? target.path : openapi;
}

function notCompared(after: CompiledApi | undefined, name: string, why: string): Finding {
  const where = after === undefined ? { object: `Api/${name}` } : after.filled.placeOf(['spec', 'openapi']);
  return finding('breaking-not-compared', 'warning', where, `Breaking changes were not looked for: ${why}.`);
}

async function circumstancesOf(
  environment: string,
  live: LiveEnvironment,
  before: ApiUnit,
  after: CompiledApi | undefined,
  { breakingRules, now, writtenByGitway, accepted }: BreakingContext,
): Promise<Circumstances> {
  // No policy looks back less than an exemption does.
  const since = new Date((now?.getTime() ?? 0) - Math.max(TAKES_BACK_MS, longestWindowMs(breakingRules)));
  return {
    environment,
    live: before,
    ruleSets: breakingRules,
    usage: await live.usage(before.name, since),
    deprecations: await live.deprecations(before.name),
    takesBack: writtenByGitway ? { writtenByGitway } : await returnOf(live, before, after, now),
    now,
    accepted,
  };
}

async function returnOf(
  live: LiveEnvironment,
  before: ApiUnit,
  after: CompiledApi | undefined,
  now: Date | undefined,
): Promise<TakesBack | undefined> {
  if (now === undefined || after === undefined) return undefined;
  const until = await live.servedUntil(before.name, after.digest);
  if (until === undefined || now.getTime() - until.getTime() > TAKES_BACK_MS) return undefined;
  return { until, operations: after.unit.operations };
}

function longestWindowMs(ruleSets: readonly BreakingRules[]): number {
  const policies = [...defaultBreakingPolicies, ...ruleSets.flatMap(({ policies: own = [] }) => own)];
  return Math.max(...policies.map(({ usedWithin }) => parseDurationMs(usedWithin ?? '') ?? 0));
}

import type { Finding } from '@gitway/contracts';
import {
  decodeText,
  isResourcePath,
  mayHoldResources,
  openApiLimits,
  readResourceFile,
  readYaml,
  resourceLimits,
  type BrokenResource,
} from '@gitway/resources';
import { compare, finding } from './findings.ts';
import { parseQuickly } from './openapi/parse-document.ts';
import { readIgnoreFile, type IgnoreFile, type IgnoreMatcher } from './ignore-file.ts';
import { secretFindings } from './secrets/secret-findings.ts';
import { fileKey, keepFile, locate, nothing, takeFile, type ExaminedFile, type Located } from './stages/kept-file.ts';
import type { CompileCache, LastingCache, WorkspaceEntry, WorkspaceReader } from './workspace.ts';

export type { Located } from './stages/kept-file.ts';

export interface CollectedFiles {
  readonly entries: ReadonlyMap<string, WorkspaceEntry>;
  readonly resources: readonly Located[];
  readonly broken: readonly BrokenResource[];
  readonly findings: readonly Finding[];
  /** Files that address nobody and cannot be read, by path: forgiven where a resource names them and reports them itself. */
  readonly unreadable: ReadonlyMap<string, Finding>;
  /** How many were looked at, because nobody had looked at them before. */
  readonly looked: number;
}

const MAX_FILES = 50_000;
const MAX_BYTES = 1_000_000_000;
const PARALLEL_READS = 64;
const IGNORE_FILE = '.gitwayignore';
const MAX_IGNORE_BYTES = 100_000;
/** Characters of patterns times characters of paths: seconds, for patterns that are made to be slow. */
const MAX_IGNORE_WORK = 5_000_000_000;
const BREATHE_EVERY = 2_000;
const regular = new Set(['100644', '100755']);

/** One file of resources, perhaps. */
interface Candidate {
  readonly entry: WorkspaceEntry;
  /** Named by `.gitwayignore` as it is. */
  readonly ignored: boolean;
  examined?: ExaminedFile;
}

/** What the last compile saw, by path: files that are the same cost one look-up. */
interface Table {
  readonly ignoring: string;
  readonly candidates: ReadonlyMap<string, Candidate>;
}
const TABLE = 'files-last-seen';

interface Means {
  readonly reader: WorkspaceReader;
  readonly cache: CompileCache;
  readonly lasting: LastingCache;
  readonly breathe: () => Promise<void>;
}

/** Finds and reads every file of resources. Files are taken in order of path, whatever order they are listed in. */
export async function collectFiles(means: Means): Promise<CollectedFiles> {
  const { reader, cache, breathe } = means;
  const listed = inOrder(await reader.list());
  const entries = new Map<string, WorkspaceEntry>();
  for (const entry of listed) entries.set(entry.path, entry);
  const findings: Finding[] = [];
  const ignore = await ignoreFile(reader, entries);
  findings.push(...ignore.findings);
  const table = cache.get(TABLE) as Table | undefined;
  const before = table?.ignoring === ignore.key ? table.candidates : new Map<string, Candidate>();
  const seen = new Map<string, Candidate>();
  const candidates: Candidate[] = [];
  let bytes = 0;
  for (const entry of listed) {
    const candidate = candidateOf(entry, before, ignore.matches);
    if (candidate === undefined) continue;
    if (seen.size % BREATHE_EVERY === BREATHE_EVERY - 1) await breathe();
    seen.set(entry.path, candidate);
    if (candidate.ignored) continue;
    const refusal = refusalOf(entry);
    if (refusal !== undefined) findings.push(refusal);
    if (!regular.has(entry.mode) || refusal !== undefined) continue;
    bytes += entry.size;
    candidates.push(candidate);
  }
  if (candidates.length > MAX_FILES || bytes > MAX_BYTES) {
    const message = `There are ${candidates.length} YAML and JSON files of ${Math.ceil(bytes / 1e6)} MB; at most ${MAX_FILES} files and ${MAX_BYTES / 1e6} MB are read.`;
    findings.push(
      finding('workspace-too-large', 'error', {}, message, 'Name what is not meant for Gitway in `.gitwayignore`.'),
    );
    return { entries, resources: [], broken: [], findings, unreadable: new Map(), looked: 0 };
  }
  const { vanished, looked } = await examineAll(candidates, means);
  cache.set(TABLE, { ignoring: ignore.key, candidates: seen } satisfies Table);

  const resources: Located[] = [];
  const broken: BrokenResource[] = [];
  const unreadable = new Map<string, Finding>();
  for (const { entry, examined = nothing } of candidates) {
    if (examined === nothing) continue;
    for (const resource of examined.resources) resources.push(resource);
    broken.push(...examined.broken);
    findings.push(...examined.findings);
    if (examined.unreadable !== undefined) unreadable.set(entry.path, examined.unreadable);
  }
  return { entries, resources, broken, findings: [...findings, ...vanished], unreadable, looked };
}

function inOrder(listed: readonly WorkspaceEntry[]): readonly WorkspaceEntry[] {
  const sorted = listed.every((entry, index) => index === 0 || listed[index - 1]!.path < entry.path);
  return sorted ? listed : [...listed].sort((a, b) => compare(a.path, b.path));
}

function candidateOf(
  entry: WorkspaceEntry,
  before: ReadonlyMap<string, Candidate>,
  ignored: IgnoreMatcher,
): Candidate | undefined {
  const known = before.get(entry.path);
  if (known === undefined) return isResourcePath(entry.path) ? { entry, ignored: ignored(entry.path) } : undefined;
  const { oid, mode, size } = known.entry;
  return oid === entry.oid && mode === entry.mode && size === entry.size ? known : { entry, ignored: known.ignored };
}

function refusalOf({ path, mode, size }: WorkspaceEntry): Finding | undefined {
  if (mode === '120000') {
    const message = `\`${path}\` is a symbolic link; links are never followed.`;
    return finding('symlink', 'warning', { file: path }, message, 'Put the file itself here.');
  }
  if (!regular.has(mode) || size <= openApiLimits.maxBytes) return undefined;
  // What it holds is not known. Passing it over would take what it declares off the gateways.
  const message = `\`${path}\` is larger than ${openApiLimits.maxBytes / 1e6} MB and was not read.`;
  const hint = 'Split it, or name it in `.gitwayignore` if it is not meant for Gitway.';
  return finding('file-too-large', 'error', { file: path }, message, hint);
}

/** Looks at every candidate that was not looked at before. @returns what is wrong with those that are gone */
async function examineAll(
  candidates: readonly Candidate[],
  means: Means,
): Promise<{ vanished: Finding[]; looked: number }> {
  const { reader, cache, lasting, breathe } = means;
  const keyOf = ({ entry }: Candidate) => fileKey(entry.path, entry.oid);
  const unknown = candidates.filter((candidate) => {
    if (candidate.examined !== undefined) return false;
    const known = cache.get(keyOf(candidate)) as ExaminedFile | undefined;
    if (known !== undefined) candidate.examined = known;
    return known === undefined;
  });
  if (unknown.length === 0) return { vanished: [], looked: 0 };
  const kept = await lasting.load(unknown.map(keyOf));
  const vanished: Finding[] = [];
  const fresh: Candidate[] = [];
  for (const candidate of unknown) {
    const { path, oid } = candidate.entry;
    const value = kept.get(keyOf(candidate));
    if (value === undefined) fresh.push(candidate);
    else cache.set(keyOf(candidate), (candidate.examined = takeFile(path, oid, value as object)));
  }
  for (let start = 0; start < fresh.length; start += PARALLEL_READS) {
    const chunk = fresh.slice(start, start + PARALLEL_READS);
    const contents = await Promise.all(chunk.map(({ entry }) => reader.read(entry.path)));
    const made = new Map<string, object>();
    for (const [index, candidate] of chunk.entries()) {
      const content = contents[index];
      if (content === undefined) {
        vanished.push(gone(candidate.entry.path));
        continue;
      }
      candidate.examined = await look(candidate.entry, content);
      cache.set(keyOf(candidate), candidate.examined);
      const plain = keepFile(candidate.examined);
      if (plain !== undefined) made.set(keyOf(candidate), plain);
    }
    lasting.save(made);
    await breathe();
  }
  return { vanished, looked: fresh.length };
}

async function look({ path, oid }: WorkspaceEntry, bytes: Uint8Array): Promise<ExaminedFile> {
  if (!mayHoldResources(bytes)) {
    const problem = unreadableFile(path, bytes);
    if (problem === undefined) return nothing;
    return { ...nothing, unreadable: problem, findings: await secretsOf(path, bytes, 'document') };
  }
  const file = readResourceFile(path, bytes);
  if (!file.isResourceFile) return nothing;
  const { broken } = file;
  const findings = [...file.findings, ...(await secretsOf(path, bytes, 'resources'))];
  return { resources: file.resources.map((resource) => locate(path, oid, resource)), broken, findings };
}

async function secretsOf(path: string, bytes: Uint8Array, kind: 'resources' | 'document'): Promise<Finding[]> {
  const decoded = decodeText(bytes);
  return 'text' in decoded ? secretFindings(path, decoded.text, kind) : [];
}

/**
 * A YAML file that no parser can read may well be a resource that somebody broke, and an API that vanishes because of
 * a typing error is the one thing that must not happen. So it is refused, unless `.gitwayignore` names it.
 */
function unreadableFile(path: string, bytes: Uint8Array): Finding | undefined {
  if (bytes.byteLength > resourceLimits.maxBytes) return undefined;
  const json = path.toLowerCase().endsWith('.json');
  const hint = 'Mend it, or name it in `.gitwayignore` when it is not meant for Gitway.';
  const decoded = decodeText(bytes);
  if ('problem' in decoded) {
    return finding('unreadable-file', json ? 'warning' : 'error', { file: path }, decoded.problem, hint);
  }
  if (parseQuickly(path, decoded.text) !== undefined) return undefined;
  const problem = readYaml(decoded.text, resourceLimits)
    .documents.flatMap((document) => document.problems)
    .find((candidate) => candidate.rule === 'yaml-syntax' || candidate.rule === 'document-too-complex');
  if (problem === undefined) return undefined;
  return finding(
    'unreadable-file',
    json ? 'warning' : 'error',
    { file: path, range: problem.range },
    problem.message,
    hint,
  );
}

const gone = (path: string) =>
  finding('missing-file', 'error', { file: path }, `\`${path}\` is listed but cannot be read.`, 'Try again.');

/** `key` names what it ignores: nothing, where the file cannot be followed to the letter. */
async function ignoreFile(
  reader: WorkspaceReader,
  entries: ReadonlyMap<string, WorkspaceEntry>,
): Promise<{ key: string; matches: IgnoreMatcher; findings: readonly Finding[] }> {
  const { matches: nothingMore } = readIgnoreFile('');
  const refused = (message: string, hint: string) => ({
    ...{ key: '', matches: nothingMore },
    findings: [finding('ignore-file', 'error', { file: IGNORE_FILE }, message, hint)],
  });
  const entry = entries.get(IGNORE_FILE);
  if (entry === undefined) return { key: '', matches: nothingMore, findings: [] };
  if (!regular.has(entry.mode))
    return refused(`\`${IGNORE_FILE}\` is no file; links are never followed.`, 'Put the file itself here.');
  if (entry.size > MAX_IGNORE_BYTES)
    return refused(`\`${IGNORE_FILE}\` is larger than ${MAX_IGNORE_BYTES / 1_000} KB.`, 'Name folders, not each file.');
  const bytes = await reader.read(entry.path);
  if (bytes === undefined) return { key: '', matches: nothingMore, findings: [gone(entry.path)] };
  const decoded = decodeText(bytes);
  if ('problem' in decoded) return refused(decoded.problem, 'Write it in UTF-8.');
  const file = readIgnoreFile(decoded.text);
  const problem = tooMuch(file, entries);
  if (problem !== undefined) return refused(problem, 'Name folders, not each file, with fewer wildcards.');
  return { key: decoded.text, matches: file.matches, findings: [] };
}

function tooMuch({ leftOut, weight }: IgnoreFile, entries: ReadonlyMap<string, WorkspaceEntry>): string | undefined {
  if (leftOut > 0)
    return `\`${IGNORE_FILE}\` has ${leftOut} lines that are too long or too many: it may have 1,000 patterns of 300 characters.`;
  let characters = 0;
  for (const path of entries.keys()) if (isResourcePath(path)) characters += path.length;
  if (weight * characters <= MAX_IGNORE_WORK) return undefined;
  return `\`${IGNORE_FILE}\` has too many patterns for the ${entries.size} files here.`;
}

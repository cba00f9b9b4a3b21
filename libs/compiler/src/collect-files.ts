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
  type Resource,
} from '@gitway/resources';
import { compare, finding } from './findings.ts';
import { parseQuickly } from './openapi/parse-document.ts';
import { ignoreMatcher } from './paths.ts';
import type { CompileCache, WorkspaceEntry, WorkspaceReader } from './workspace.ts';

/** A resource with an id that names its content and its place: equal ids need not be looked at twice. */
export interface Located {
  readonly id: string;
  readonly resource: Resource;
}

export interface CollectedFiles {
  readonly entries: ReadonlyMap<string, WorkspaceEntry>;
  readonly resources: readonly Located[];
  readonly broken: readonly BrokenResource[];
  readonly findings: readonly Finding[];
  /** Files that address nobody and cannot be read, by path: forgiven where a resource names them and reports them itself. */
  readonly unreadable: ReadonlyMap<string, Finding>;
}

const MAX_FILES = 20_000;
const MAX_BYTES = 1_000_000_000;
const PARALLEL_READS = 64;
const regular = new Set(['100644', '100755']);

/** Finds and reads every file of resources. Files are taken in order of path, whatever order they are listed in. */
export async function collectFiles(
  reader: WorkspaceReader,
  cache: CompileCache,
  breathe: () => Promise<void>,
): Promise<CollectedFiles> {
  const listed = [...(await reader.list())].sort((a, b) => compare(a.path, b.path));
  const entries = new Map(listed.map((entry) => [entry.path, entry]));
  const findings: Finding[] = [];
  const ignored = await ignoreFile(reader, entries);
  const candidates: WorkspaceEntry[] = [];
  let bytes = 0;
  for (const entry of listed) {
    if (!isResourcePath(entry.path) || ignored(entry.path)) continue;
    if (entry.mode === '120000') {
      const message = `\`${entry.path}\` is a symbolic link; links are never followed.`;
      findings.push(finding('symlink', 'warning', { file: entry.path }, message, 'Put the file itself here.'));
    }
    if (!regular.has(entry.mode)) continue;
    if (entry.size > openApiLimits.maxBytes) {
      // What it holds is not known. Passing it over would take what it declares off the gateways.
      const message = `\`${entry.path}\` is larger than ${openApiLimits.maxBytes / 1e6} MB and was not read.`;
      const hint = 'Split it, or name it in `.gitwayignore` if it is not meant for Gitway.';
      findings.push(finding('file-too-large', 'error', { file: entry.path }, message, hint));
      continue;
    }
    bytes += entry.size;
    candidates.push(entry);
  }
  if (candidates.length > MAX_FILES || bytes > MAX_BYTES) {
    const message = `There are ${candidates.length} YAML and JSON files of ${Math.ceil(bytes / 1e6)} MB; at most ${MAX_FILES} files and ${MAX_BYTES / 1e6} MB are read.`;
    findings.push(
      finding('workspace-too-large', 'error', {}, message, 'Name what is not meant for Gitway in `.gitwayignore`.'),
    );
    return { entries, resources: [], broken: [], findings, unreadable: new Map() };
  }

  const resources: Located[] = [];
  const broken: BrokenResource[] = [];
  const unreadable = new Map<string, Finding>();
  for (let start = 0; start < candidates.length; start += PARALLEL_READS) {
    const files = await Promise.all(
      candidates.slice(start, start + PARALLEL_READS).map((entry) => examine(entry, reader, cache)),
    );
    for (const file of files) {
      resources.push(...file.resources);
      broken.push(...file.broken);
      findings.push(...file.findings);
      if (file.unreadable !== undefined) unreadable.set(file.path, file.unreadable);
    }
    if (files.some((file) => file.fresh)) await breathe();
  }
  return { entries, resources, broken, findings, unreadable };
}

interface ExaminedFile {
  readonly path: string;
  readonly resources: readonly Located[];
  readonly broken: readonly BrokenResource[];
  readonly findings: readonly Finding[];
  readonly unreadable?: Finding;
  readonly fresh: boolean;
}

async function examine(entry: WorkspaceEntry, reader: WorkspaceReader, cache: CompileCache): Promise<ExaminedFile> {
  const key = `file:${entry.oid}:${entry.path}`;
  const kept = cache.get(key) as ExaminedFile | undefined;
  if (kept !== undefined) return kept;
  const bytes = await reader.read(entry.path);
  const examined = bytes === undefined ? vanished(entry.path) : look(entry, bytes);
  if (bytes !== undefined) cache.set(key, { ...examined, fresh: false });
  return examined;
}

function look({ path, oid }: WorkspaceEntry, bytes: Uint8Array): ExaminedFile {
  const nothing = { path, resources: [], broken: [], findings: [], fresh: true };
  if (!mayHoldResources(bytes)) {
    const problem = unreadableFile(path, bytes);
    return problem === undefined ? nothing : { ...nothing, unreadable: problem };
  }
  const file = readResourceFile(path, bytes);
  if (!file.isResourceFile) return nothing;
  const resources = file.resources.map((resource) => ({ id: `${oid}:${path}#${resource.document}`, resource }));
  return { path, resources, broken: file.broken, findings: file.findings, fresh: true };
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
  if (json || bytes.byteLength > 100_000) {
    if (parseQuickly(path, decoded.text) !== undefined) return undefined;
  }
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

const vanished = (path: string): ExaminedFile => ({
  path,
  resources: [],
  broken: [],
  findings: [
    finding('missing-file', 'error', { file: path }, `\`${path}\` is listed but cannot be read.`, 'Try again.'),
  ],
  fresh: true,
});

async function ignoreFile(reader: WorkspaceReader, entries: ReadonlyMap<string, WorkspaceEntry>) {
  const entry = entries.get('.gitwayignore');
  if (entry === undefined || !regular.has(entry.mode) || entry.size > 100_000) return ignoreMatcher('');
  const bytes = await reader.read(entry.path);
  const decoded = bytes === undefined ? undefined : decodeText(bytes);
  return ignoreMatcher(decoded !== undefined && 'text' in decoded ? decoded.text : '');
}

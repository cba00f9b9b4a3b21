import { digestOf, digestOfBytes } from '@gitway/contracts';
import { openApiLimits, suggest } from '@gitway/resources';
import type { CompileCache, DocumentReader, LastingCache, WorkspaceEntry, WorkspaceReader } from '../workspace.ts';
import type { DocumentFinding } from '../verdicts/suppressions.ts';
import type { DocumentReading, DocumentSettings, OpenedFile } from './document.ts';
import { Excesses } from './excesses.ts';
import { readDocument } from './read-document.ts';
import { isRemote } from '../paths.ts';
import type { RemoteCopies } from './remote-files.ts';
import { finding } from '../findings.ts';

/** A document to read: a path that is listed, and what it is read with. */
export interface WantedDocument {
  readonly path: string;
  readonly settings: DocumentSettings;
}

interface Means {
  readonly entries: ReadonlyMap<string, WorkspaceEntry>;
  readonly reader: WorkspaceReader;
  readonly cache: CompileCache;
  readonly lasting: LastingCache;
  readonly documents: DocumentReader;
  readonly breathe: () => Promise<void>;
  readonly remote: RemoteCopies;
  /** Told of each document that is read. */
  readonly ran?: () => void;
}

/** A reading, and the state of every file that it was made from. */
interface Made {
  readonly oid: string;
  readonly others: readonly (readonly [path: string, state: string])[];
  readonly reading: DocumentReading;
}

/** What the last compile had, by id: documents that are the same cost one look-up. */
interface Table {
  readonly made: ReadonlyMap<string, Made>;
}
const TABLE = 'documents-last-seen';

/** What is kept under a document's own key: its reading, or, where other files take part, which ones they are. */
type Kept = { readonly reading: DocumentReading } | { readonly others: readonly string[] };

/** Reads in this thread, one document after the other. */
export const readHere: DocumentReader = { parallel: 1, read: readDocument };

/** By document and settings. */
export const documentId = (path: string, settingsKey: string) => `${settingsKey}:${path}`;
export const settingsKeyOf = (settings: DocumentSettings) => digestOf(settings).slice(7, 23);

/**
 * The reading of every document that is wanted. A document is read once for the same settings and the same content of
 * all its files; what was read before is looked up in memory, then, all at once, in the lasting cache.
 */
export async function readDocuments(
  wanted: ReadonlyMap<string, WantedDocument>,
  means: Means,
): Promise<Map<string, DocumentReading>> {
  const readings = new Map<string, DocumentReading>();
  const missing: { id: string; entry: WorkspaceEntry; settings: DocumentSettings }[] = [];
  const before = (means.cache.get(TABLE) as Table | undefined)?.made ?? new Map<string, Made>();
  const seen = new Map<string, Made>();
  const take = (id: string, made: Made) => {
    seen.set(id, made);
    readings.set(id, made.reading);
  };
  for (const [id, { path, settings }] of wanted) {
    const entry = means.entries.get(path)!;
    let made = before.get(id);
    if (made?.oid !== entry.oid) made = means.cache.get(ownKey(id, entry)) as Made | undefined;
    if (made !== undefined && isCurrent(made, means)) take(id, made);
    else missing.push({ id, entry, settings });
  }
  const keep = (id: string, entry: WorkspaceEntry, reading: DocumentReading) => {
    if (reading.passing !== undefined) {
      readings.set(id, reading);
      return;
    }
    const others = reading.others.map((path) => [path, stateOf(path, means)] as const);
    const made = { oid: entry.oid, others, reading };
    take(id, made);
    means.cache.set(ownKey(id, entry), made satisfies Made);
  };
  const fresh = await withoutRefused(await fromLasting(missing, means, keep), means, keep);
  const excesses = new Excesses();
  for (const [id, reading] of readings) excesses.count(wanted.get(id)!, reading);
  let next = 0;
  const work = async () => {
    for (let item = fresh[next++]; item !== undefined; item = fresh[next++]) {
      const { id, entry, settings } = item;
      const document = { path: entry.path, settings };
      const refusal = excesses.refusalOf(document);
      if (refusal === undefined) means.ran?.();
      const reading = refusal ?? (await readOne(entry, settings, means));
      excesses.count(document, reading);
      keep(id, entry, reading);
      if (reading.passing === undefined) means.lasting.save(entriesOf(id, entry, reading, means));
      await means.breathe();
    }
  };
  await Promise.all(Array.from({ length: Math.min(means.documents.parallel, fresh.length) }, work));
  means.cache.set(TABLE, { made: seen } satisfies Table);
  return readings;
}

const isCurrent = ({ others }: Made, means: Means) => others.every(([path, state]) => stateOf(path, means) === state);

/** What a reading depends on of another file: its content, that it is a link, that it is not there. */
function stateOf(path: string, { entries }: Pick<Means, 'entries'>): string {
  const entry = entries.get(path);
  if (entry === undefined) return '-';
  return isFile(entry) ? entry.oid : 'link';
}
const isFile = ({ mode }: WorkspaceEntry) => mode === '100644' || mode === '100755';

const ownKey = (id: string, { oid }: WorkspaceEntry) => `openapi:${oid}:${id}`;
function jointKey(id: string, entry: WorkspaceEntry, others: readonly string[], means: Pick<Means, 'entries'>): string {
  const states = others.map((path) => `${path}\0${stateOf(path, means)}`);
  return `openapi:${digestOfBytes([ownKey(id, entry), ...states].join('\n'))}`;
}

/** Names what a reading was made of; undefined where it must not be kept. */
export function readingKey(id: string, path: string, reading: DocumentReading, means: Pick<Means, 'entries'>) {
  const entry = means.entries.get(path);
  if (entry === undefined || reading.passing !== undefined || reading.exceeds !== undefined) return undefined;
  return jointKey(id, entry, reading.others, means);
}

/**
 * Takes what the lasting cache has. That other files take part is only a hint where to look: the key that is looked
 * under names the state of each of them, and a reading that was made of just these is the reading of today.
 */
async function fromLasting<T extends { id: string; entry: WorkspaceEntry }>(
  missing: readonly T[],
  means: Means,
  keep: (id: string, entry: WorkspaceEntry, reading: DocumentReading) => void,
): Promise<T[]> {
  const own = await means.lasting.load(missing.map(({ id, entry }) => ownKey(id, entry)));
  const joint = new Map<string, T>();
  const fresh: T[] = [];
  for (const item of missing) {
    const kept = own.get(ownKey(item.id, item.entry)) as Kept | undefined;
    if (kept === undefined) fresh.push(item);
    else if ('reading' in kept) keep(item.id, item.entry, kept.reading);
    else joint.set(jointKey(item.id, item.entry, kept.others, means), item);
  }
  if (joint.size === 0) return fresh;
  const found = await means.lasting.load([...joint.keys()]);
  for (const [key, item] of joint) {
    const kept = found.get(key) as Kept | undefined;
    if (kept !== undefined && 'reading' in kept) keep(item.id, item.entry, kept.reading);
    else fresh.push(item);
  }
  return fresh;
}

const refusedKey = (id: string, entry: WorkspaceEntry, limits: string) => `refused:${limits}:${ownKey(id, entry)}`;

/** Takes what was refused for the limits that hold today: it may have been the machine, but it was tried twice. */
async function withoutRefused<T extends { id: string; entry: WorkspaceEntry }>(
  missing: readonly T[],
  { lasting, documents: { limits } }: Means,
  keep: (id: string, entry: WorkspaceEntry, reading: DocumentReading) => void,
): Promise<readonly T[]> {
  if (limits === undefined || missing.length === 0) return missing;
  const refused = await lasting.load(missing.map(({ id, entry }) => refusedKey(id, entry, limits)));
  return missing.filter(({ id, entry }) => {
    const kept = refused.get(refusedKey(id, entry, limits)) as { reading: DocumentReading } | undefined;
    if (kept !== undefined) keep(id, entry, kept.reading);
    return kept === undefined;
  });
}

function entriesOf(id: string, entry: WorkspaceEntry, reading: DocumentReading, means: Means): Map<string, Kept> {
  const { others, exceeds } = reading;
  if (exceeds !== undefined) return new Map([[refusedKey(id, entry, exceeds), { reading }]]);
  if (others.length === 0) return new Map([[ownKey(id, entry), { reading }]]);
  return new Map<string, Kept>([
    [ownKey(id, entry), { others }],
    [jointKey(id, entry, others, means), { reading }],
  ]);
}

async function readOne(
  { path }: WorkspaceEntry,
  settings: DocumentSettings,
  { entries, reader, documents, remote }: Means,
): Promise<DocumentReading> {
  const bytes = await reader.read(path);
  if (bytes === undefined) {
    const gone = finding('missing-file', 'error', { file: path }, `\`${path}\` is listed but cannot be read.`);
    return {
      model: null,
      findings: [{ ...gone, hint: 'Try again.' }],
      ignores: [],
      others: [],
      absent: [],
      passing: true,
    };
  }
  let isPassing = false;
  const open = async (other: string): Promise<OpenedFile> => {
    if (isRemote(other)) {
      // What another server says, or who may be asked, is in no key.
      isPassing = true;
      return remote.open(other);
    }
    const entry = entries.get(other);
    if (entry === undefined) return { refused: 'absent' };
    if (!isFile(entry)) return { refused: 'link' };
    if (entry.size > openApiLimits.maxBytes) return { refused: 'too-large' };
    const content = await reader.read(other);
    return content === undefined ? { refused: 'gone' } : { bytes: content };
  };
  const reading = await documents.read({ path, bytes, settings, open });
  return isPassing ? { ...reading, passing: true } : reading;
}

/** The findings of a reading; one about a path that is not there says what may have been meant. */
export function findingsOf(reading: DocumentReading, paths: Iterable<string>): readonly DocumentFinding[] {
  if (reading.absent.length === 0) return reading.findings;
  const known = [...paths];
  const findings = [...reading.findings];
  for (const { finding: position, path } of reading.absent) {
    const near = suggest(path, known);
    const absent = findings[position];
    if (near !== undefined && absent !== undefined)
      findings[position] = { ...absent, hint: `Did you mean \`${near}\`?` };
  }
  return findings;
}

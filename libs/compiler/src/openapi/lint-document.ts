import type { Finding, Severity } from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import {
  BaseResolver,
  createConfig,
  lintDocument as lintWithRedocly,
  ResolveError,
  Source,
  type Config,
  type Document,
} from '@redocly/openapi-core';
import { finding } from '../findings.ts';
import type { DocumentFinding } from '../verdicts/suppressions.ts';
import { stepsOf, type DocumentIgnoreIndex } from './document-ignores.ts';
import { isInExtension } from './extensions.ts';
import type { LoadedFile } from './load-references.ts';
import { sameInOriginal, type Origin } from './swagger/as-openapi.ts';
import { fileOfReference } from './reference.ts';
import { oneLine } from './parse-document.ts';
import { DocumentSource, placeIn, pointerOf } from './positions.ts';

/** Redocly's rule → ours. The structure is an error, since a gateway would have to guess; style is a warning. */
const lintRules: Record<string, { rule: string; severity: Severity; hint?: string }> = {
  struct: { rule: 'openapi-structure', severity: 'error' },
  'no-unresolved-refs': {
    rule: 'openapi-unresolved-ref',
    severity: 'error',
    hint: 'Point it at something that is there.',
  },
  'no-identical-paths': { rule: 'openapi-identical-paths', severity: 'warning', hint: 'Declare each path once.' },
  'path-params-defined': {
    rule: 'openapi-path-parameters',
    severity: 'warning',
    hint: 'Declare every parameter of the path, and no other.',
  },
  'path-not-include-query': {
    rule: 'openapi-path-query',
    severity: 'warning',
    hint: 'Declare query parameters under `parameters`.',
  },
  'operation-parameters-unique': {
    rule: 'openapi-parameters-unique',
    severity: 'warning',
    hint: 'Declare each parameter once.',
  },
  'operation-2xx-response': {
    rule: 'openapi-success-response',
    severity: 'warning',
    hint: 'Declare what a call that succeeds answers.',
  },
  'operation-operationId': {
    rule: 'openapi-operation-id',
    severity: 'warning',
    hint: 'Give it an `operationId`: statistics and policies name operations by it.',
  },
};

/** Above this size only the structure is looked at, so that one huge document cannot hold up everybody's commits. */
const STYLE_LIMIT_BYTES = 8_000_000;
const MAX_PER_RULE = 20;

let configs: { full: Promise<Config>; structure: Promise<Config> } | undefined;

function configFor(bytes: number): Promise<Config> {
  const severityOf = (rule: string) => (lintRules[rule]?.severity === 'error' ? 'error' : 'warn');
  configs ??= {
    full: createConfig({ rules: Object.fromEntries(Object.keys(lintRules).map((rule) => [rule, severityOf(rule)])) }),
    structure: createConfig({ rules: { struct: 'error', 'no-unresolved-refs': 'error' } }),
  };
  return bytes > STYLE_LIMIT_BYTES ? configs.structure : configs.full;
}

/** Serves the files that were loaded beforehand, and nothing else: no file system, no network. */
class LoadedFilesResolver extends BaseResolver {
  readonly #documents: ReadonlyMap<string, Document>;

  constructor(documents: ReadonlyMap<string, Document>) {
    super();
    this.#documents = documents;
  }

  override resolveDocument<T>(base: string | null, reference: string): Promise<Document<T> | ResolveError> {
    // Redocly takes names as they are written; files are found by what they mean.
    const target = base === null ? undefined : fileOfReference(base.slice(1), reference);
    const path =
      target !== undefined && 'path' in target ? `/${target.path}` : this.resolveExternalRef(base, reference);
    const document = this.#documents.get(path);
    // What is only named (`externalValue` of an example) may lie anywhere; it is not fetched.
    if (document === undefined) return Promise.reject(new ResolveError(new Error('it is not part of the repository')));
    return Promise.resolve(document as Document<T>);
  }

  override loadExternalRef(): Promise<Source> {
    return Promise.reject(new ResolveError(new Error('it is not part of the repository')));
  }
}

/** What is wrong with a document's structure and style. Bounded: at most 20 findings of one rule, the last says how many more. */
export async function lintDocument(
  root: LoadedFile,
  files: ReadonlyMap<string, LoadedFile>,
  ignores: DocumentIgnoreIndex,
  origin: Origin = sameInOriginal,
): Promise<DocumentFinding[]> {
  const documents = new Map<string, Document>();
  for (const file of files.values()) {
    documents.set(`/${file.path}`, { source: new DocumentSource(`/${file.path}`, file.text), parsed: file.value });
  }
  const document = documents.get(`/${root.path}`)!;
  let problems: Awaited<ReturnType<typeof lintWithRedocly>>;
  try {
    problems = await lintWithRedocly({
      document,
      config: await configFor(root.text.length),
      externalRefResolver: new LoadedFilesResolver(documents),
    });
  } catch (error) {
    // References that go round over several files, for example. The document is at fault, not the one who reads it.
    const message = `The document cannot be read to its end: ${oneLine(messageOf(error))}`;
    return [
      finding('openapi-ref', 'error', { file: root.path }, message, 'Look for `$ref`s that lead back to themselves.'),
    ];
  }
  const groups = new Map<string, DocumentFinding[]>();
  const counts = new Map<string, number>();
  for (const problem of problems) {
    const known = judgementOf(problem);
    const location = problem.location[0];
    const original = origin(
      fileOf(location, root.path),
      location?.pointer === undefined ? [] : stepsOf(location.pointer),
    );
    // Those that are passed over do not use up the places of those that count.
    const marked = ignores.mark({ rule: known.rule } as Finding, original.file, original.pointer);
    const key = `${known.rule} ${(marked.ignoredBy ?? []).join(' ')}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count > MAX_PER_RULE) continue;
    const source = documents.get(`/${original.file}`)?.source;
    const where = placeOf(original, source, location?.reportOnKey);
    const hint = suggestionOf(problem) ?? known.hint;
    const found = { ...finding(known.rule, known.severity, where, oneLine(messageFor(problem, root, files)), hint) };
    const { ignoredBy } = marked;
    groups.set(key, [...(groups.get(key) ?? []), ignoredBy === undefined ? found : { ...found, ignoredBy }]);
  }
  return [...groups].flatMap(([key, group]) => {
    const more = counts.get(key)! - group.length;
    if (more === 0) return group;
    const last = group.at(-1)!;
    return [...group.slice(0, -1), { ...last, message: `${last.message} (and ${more} more like it)` }];
  });
}

type Problem = Awaited<ReturnType<typeof lintWithRedocly>>[number];

/** Redocly does not say which reference it cannot resolve. */
function messageFor({ message, location: [place] }: Problem, root: LoadedFile, files: ReadonlyMap<string, LoadedFile>) {
  if (!message.startsWith(UNRESOLVED) || place?.pointer === undefined) return message;
  let value = files.get(fileOf(place, root.path))?.value;
  for (const step of stepsOf(place.pointer)) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
  }
  const reference = typeof value === 'string' ? value : (value as { $ref?: unknown } | null | undefined)?.$ref;
  if (typeof reference !== 'string') return message;
  return `${UNRESOLVED} \`${reference.slice(0, 200)}\`${message.slice(UNRESOLVED.length)}`;
}
const UNRESOLVED = "Can't resolve $ref";

function suggestionOf({ suggest }: Problem): string | undefined {
  if (suggest.length === 0) return undefined;
  const names = suggest.slice(0, 3).map((name) => `\`${name}\``);
  return `Did you mean ${names.join(' or ')}?`;
}

/** A property that OpenAPI does not know changes nothing for a gateway: worth a warning, not a refusal. */
const unexpectedProperty = {
  rule: 'openapi-unexpected-property',
  severity: 'warning' as const,
  hint: 'Delete it, or begin its name with `x-`.',
};

/** What a gateway serves well all the same is a warning: what extensions say, and what discriminators map to. */
function judgementOf(problem: Problem): (typeof lintRules)[string] {
  if (isUnexpected(problem)) return unexpectedProperty;
  const known = lintRules[problem.ruleId] ?? lintRules['struct']!;
  if (known.severity !== 'error') return known;
  const steps = stepsOf(problem.location[0]?.pointer ?? '');
  const isMapping = steps.at(-2) === 'mapping' && steps.at(-3) === 'discriminator';
  return isMapping || isInExtension(steps) ? { ...known, severity: 'warning' } : known;
}

const isUnexpected = ({ ruleId, message }: Problem) => ruleId === 'struct' && /is not expected here/.test(message);

function placeOf({ file, pointer }: ReturnType<Origin>, source: Source | undefined, reportOnKey = false) {
  const range = source === undefined ? undefined : placeIn({ source, pointer: pointerOf(pointer), reportOnKey });
  return { file, ...(range === undefined ? {} : { range }) };
}

const fileOf = (location: Problem['location'][number] | undefined, rootPath: string) =>
  location?.source.absoluteRef.replace(/^\//, '') ?? rootPath;

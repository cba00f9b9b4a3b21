import type { Finding, Range } from '@gitway/contracts';
import { LineCounter } from 'yaml';
import { decodeText } from './decode-text.ts';
import { expectsWord } from './expects-word.ts';
import { checkValue, type Issue } from './explain-issues.ts';
import { isKind, kinds, kindSchemas, type Kind, type ResourceOf } from './kinds.ts';
import { resourceLimits } from './limits.ts';
import { readJson } from './json/read-json.ts';
import { readYaml, type Path, type YamlDocument } from './read-yaml.ts';
import { API_VERSION } from './schema/common.ts';
import { SourceFile } from './source-file.ts';
import { suggestionHint } from './suggest.ts';
import { rangeOfOffsets, type ReadingProblem } from './yaml-problem.ts';

/** One resource that conforms to its kind's schema, and where it stands. */
export interface Resource<K extends Kind = Kind> {
  readonly kind: K;
  readonly name: string;
  readonly value: ResourceOf<K>;
  readonly file: SourceFile;
  /** Number of the document in its file, from 0. */
  readonly document: number;
}

/** A resource that could be named but not accepted: references to it are not unknown on top of that. */
export interface BrokenResource {
  readonly kind: string;
  readonly name: string;
}

export interface ResourceFile {
  readonly resources: readonly Resource[];
  readonly broken: readonly BrokenResource[];
  readonly findings: readonly Finding[];
  /** Something in it is addressed to Gitway. */
  readonly isResourceFile: boolean;
}

const marker = Buffer.from('gitway.dev/');

/** Whether a file can hold a resource at all: by name, and by a look at its bytes that costs next to nothing. */
export const isResourcePath = (path: string) => /\.(ya?ml|json)$/i.test(path);
export const mayHoldResources = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(marker);

/**
 * Reads every document of a file that addresses Gitway by its `apiVersion`, and leaves other documents alone.
 * What is wrong with one document does not hide another.
 */
export function readResourceFile(path: string, bytes: Uint8Array): ResourceFile {
  const whole = (rule: string, message: string, hint?: string): ResourceFile => ({
    resources: [],
    broken: [],
    findings: [{ rule, severity: 'error', where: { file: path }, message, ...(hint === undefined ? {} : { hint }) }],
    isResourceFile: true,
  });
  if (bytes.byteLength > resourceLimits.maxBytes) {
    const limit = `${resourceLimits.maxBytes / 1_000_000} MB`;
    return whole(
      'file-too-large',
      `The file is larger than ${limit}, the most that a file of resources may have.`,
      'Split it over several files.',
    );
  }
  const decoded = decodeText(bytes);
  if ('problem' in decoded) return whole('file-encoding', decoded.problem, decoded.hint);
  const file = new SourceFile(path, decoded.text, resourceLimits);
  const documents = readDocuments(path, decoded.text);
  const result = {
    resources: [] as Resource[],
    broken: [] as BrokenResource[],
    findings: [] as Finding[],
    isResourceFile: false,
  };
  documents.forEach(({ value, problems, ambiguities }, document) => {
    const refuse = ({ rule, message, hint, range }: ReadingProblem) => {
      result.isResourceFile = true;
      const base = { rule, severity: 'error' as const, where: { file: path, range }, message };
      result.findings.push(hint === undefined ? base : { ...base, hint });
    };
    if (problems.length > 0) problems.forEach(refuse);
    else if (isAddressedToUs(value)) {
      const schema = isKind(value['kind']) ? kindSchemas[value['kind']] : undefined;
      ambiguities.filter((one) => schema === undefined || !expectsWord(schema, one.path, one.value)).forEach(refuse);
      readDocument(value, file, document, result);
    }
  });
  return result;
}

/** A file that calls itself JSON is held to it: YAML would make something else of a comment in it. */
function readDocuments(path: string, text: string): readonly YamlDocument[] {
  const reading = readYaml(text, resourceLimits).documents;
  if (!/\.json$/i.test(path) || reading.some(({ problems }) => problems.length > 0)) return reading;
  const json = readJson(text);
  if ('value' in json) return reading;
  const lines = new LineCounter();
  for (let start = 0; start !== -1; start = nextLine(text, start)) lines.addNewLine(start);
  const range = rangeOfOffsets(lines, json.offset, json.offset + json.length);
  const rule = json.rule === 'json-syntax' ? 'yaml-syntax' : json.rule;
  const message = `This is not valid JSON: ${json.message}.`;
  return [{ value: undefined, problems: [{ rule, message, range }], ambiguities: [] }];
}

function nextLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? -1 : end + 1;
}

interface Collected {
  resources: Resource[];
  broken: BrokenResource[];
  findings: Finding[];
  isResourceFile: boolean;
}

type Addressed = Record<string, unknown> & { readonly apiVersion: string };

const isAddressedToUs = (value: unknown): value is Addressed =>
  isMapping(value) && typeof value['apiVersion'] === 'string' && /^gitway\.dev(\/|$)/.test(value['apiVersion']);

function readDocument(value: Addressed, file: SourceFile, document: number, into: Collected): void {
  const { apiVersion, kind } = value;
  into.isResourceFile = true;
  const name =
    isMapping(value['metadata']) && typeof value['metadata']['name'] === 'string'
      ? value['metadata']['name']
      : undefined;
  const refuse = (issue: Issue) => into.findings.push(findingOf(issue, file, document, nameOf(kind, name)));
  if (typeof kind === 'string' && name !== undefined) into.broken.push({ kind, name });
  if (apiVersion !== API_VERSION) {
    refuse({
      rule: 'unknown-version',
      path: ['apiVersion'],
      part: 'value',
      message: `This version of Gitway does not know \`${apiVersion.slice(0, 80)}\`.`,
      hint: `Write \`apiVersion: ${API_VERSION}\`.`,
    });
    return;
  }
  if (!isKind(kind)) {
    const given = typeof kind === 'string' ? kind : undefined;
    const hint = given === undefined ? `Kinds are: ${kinds.join(', ')}.` : suggestionHint(given, kinds, 'Kinds are');
    refuse({
      rule: given === undefined ? 'missing-field' : 'unknown-kind',
      path: ['kind'],
      part: 'value',
      message: given === undefined ? '`kind` is required.' : `There is no kind \`${given.slice(0, 80)}\`.`,
      ...(hint === undefined ? {} : { hint }),
    });
    return;
  }
  const issues = checkValue(kindSchemas[kind], value, kind);
  for (const issue of issues) refuse(issue);
  if (issues.length > 0 || name === undefined) return;
  into.broken.pop();
  into.resources.push({ kind, name, value: value as ResourceOf<Kind>, file, document });
}

/** A finding at the place of a field. `severity` is error unless given. */
export function findingOf(issue: Issue, file: SourceFile, document: number, object?: string): Finding {
  return {
    rule: issue.rule,
    severity: 'error',
    where: {
      file: file.path,
      range: file.rangeOf(document, issue.path, issue.part),
      ...(object === undefined ? {} : { object }),
      ...(issue.path.length === 0 ? {} : { field: fieldName(issue.path) }),
    },
    message: issue.message,
    ...(issue.hint === undefined ? {} : { hint: issue.hint }),
  };
}

/** Where a field of a resource lies. */
export function locationOf(resource: Resource, path: Path, part: 'key' | 'value' = 'value') {
  const range: Range = resource.file.rangeOf(resource.document, path, part);
  return { file: resource.file.path, range, object: `${resource.kind}/${resource.name}`, field: fieldName(path) };
}

export const fieldName = (path: Path) => path.join('.');

const nameOf = (kind: unknown, name: string | undefined) =>
  typeof kind === 'string' && name !== undefined ? `${kind.slice(0, 80)}/${name.slice(0, 80)}` : undefined;

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

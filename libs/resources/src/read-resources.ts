import type { Finding, Range } from '@gitway/contracts';
import { decodeText } from './decode-text.ts';
import { checkValue, type Issue } from './explain-issues.ts';
import { isKind, kinds, kindSchemas, type Kind, type ResourceOf } from './kinds.ts';
import { resourceLimits } from './limits.ts';
import { readYaml, type Path } from './read-yaml.ts';
import { API_VERSION } from './schema/common.ts';
import { SourceFile } from './source-file.ts';
import { suggestionHint } from './suggest.ts';

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
  const reading = readYaml(decoded.text, resourceLimits);
  const result = {
    resources: [] as Resource[],
    broken: [] as BrokenResource[],
    findings: [] as Finding[],
    isResourceFile: false,
  };
  reading.documents.forEach(({ value, problems }, document) => {
    if (problems.length > 0) {
      result.isResourceFile = true;
      for (const problem of problems) {
        const { rule, message, hint, range } = problem;
        result.findings.push({
          rule,
          severity: 'error',
          where: { file: path, range },
          message,
          ...(hint === undefined ? {} : { hint }),
        });
      }
    } else readDocument(value, file, document, result);
  });
  return result;
}

interface Collected {
  resources: Resource[];
  broken: BrokenResource[];
  findings: Finding[];
  isResourceFile: boolean;
}

function readDocument(value: unknown, file: SourceFile, document: number, into: Collected): void {
  if (!isMapping(value)) return;
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== 'string' || !/^gitway\.dev(\/|$)/.test(apiVersion)) return;
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

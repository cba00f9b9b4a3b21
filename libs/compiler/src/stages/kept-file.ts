import type { Finding } from '@gitway/contracts';
import { resourceLimits, SourceFile, type BrokenResource, type Resource } from '@gitway/resources';
import { speaksOfSecret } from '../secrets/secret-findings.ts';

/** What was found in one file. */
export interface ExaminedFile {
  readonly resources: readonly Located[];
  readonly broken: readonly BrokenResource[];
  readonly findings: readonly Finding[];
  /** It addresses nobody and cannot be read. */
  readonly unreadable?: Finding;
}

/** A resource with an id that names its content and its place: equal ids need not be looked at twice. */
export interface Located {
  readonly id: string;
  readonly resource: Resource;
}

/** An {@link ExaminedFile} as plain JSON; what is empty is left out. */
interface KeptFile {
  /** Of a file with resources: positions in it are computed when somebody asks for one. */
  readonly text?: string;
  readonly resources?: readonly Pick<Resource, 'kind' | 'name' | 'value' | 'document'>[];
  readonly broken?: readonly BrokenResource[];
  readonly findings?: readonly Finding[];
  readonly unreadable?: Finding;
}

export const fileKey = (path: string, oid: string) => `file:${oid}:${path}`;

/**
 * Undefined where JSON could not say the same (an infinite number, for one), and for a file with a secret in it, of which
 * there are copies enough: such a file is read again each time.
 */
export function keepFile({ resources, broken, findings, unreadable }: ExaminedFile): KeptFile | undefined {
  if (findings.some(speaksOfSecret)) return undefined;
  if (!resources.every(({ resource }) => isJson(resource.value))) return undefined;
  const [first] = resources;
  return {
    ...(first === undefined ? {} : { text: first.resource.file.text }),
    ...(resources.length === 0
      ? {}
      : {
          resources: resources.map(({ resource: { kind, name, value, document } }) => ({
            kind,
            name,
            value,
            document,
          })),
        }),
    ...(broken.length === 0 ? {} : { broken }),
    ...(findings.length === 0 ? {} : { findings }),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
}

export function takeFile(path: string, oid: string, kept: KeptFile): ExaminedFile {
  const { text = '', resources = [], broken = [], findings = [], unreadable } = kept;
  if (resources.length + broken.length + findings.length === 0 && unreadable === undefined) return nothing;
  const file = new SourceFile(path, text, resourceLimits);
  return {
    resources: resources.map((resource) => locate(path, oid, { ...resource, file })),
    broken,
    findings,
    ...(unreadable === undefined ? {} : { unreadable }),
  };
}

export const locate = (path: string, oid: string, resource: Resource): Located => ({
  id: `${oid}:${path}#${resource.document}`,
  resource,
});

export const nothing: ExaminedFile = { resources: [], broken: [], findings: [] };

function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return typeof value !== 'undefined';
  return Object.values(value).every(isJson);
}

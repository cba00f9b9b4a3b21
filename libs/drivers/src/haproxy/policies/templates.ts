import { fits, formatted } from '../syntax.ts';

/** A path template under a base path, as HAProxy can match it and take its parts out. */
export interface PathTemplate {
  /** Pattern of the whole path; each part of it can match in one way only. */
  readonly pattern: string;
  /** Name → a sample that gives the value as it was sent. */
  readonly values: ReadonlyMap<string, string>;
  /** Names that stand for a whole segment, and so never for `.` or `..`, which are refused before. */
  readonly whole: ReadonlySet<string>;
}

const segmentForm = /^([^{}]*)(?:\{([^{}]+)\}([^{}]*))?$/;
/** Beside a name within a segment; these can stand in a converter's argument. */
const BESIDE = /^[A-Za-z0-9._~-]*$/;

const escaped = (text: string) => text.replace(/[.$()*+?^|[\]\\]/g, '\\$&');

/** @returns why it cannot be matched, or the template */
export function pathTemplate(basePath: string, template: string): PathTemplate | string {
  const base = basePath === '/' ? '' : basePath;
  if (template === '/')
    return { pattern: `^${escaped(base)}/${base === '' ? '' : '?'}$`, values: new Map(), whole: new Set() };
  const skipped = base.split('/').length;
  const values = new Map<string, string>();
  const whole = new Set<string>();
  const patterns: string[] = [];
  for (const [index, segment] of template.slice(1).split('/').entries()) {
    const [, before = '', name, after = ''] = segmentForm.exec(segment) ?? [];
    if (name === undefined) {
      if (!fits('path', `/${segment}`)) return 'must be a path with at most one {name} in each segment';
      patterns.push(escaped(segment));
      continue;
    }
    if (!BESIDE.test(before) || !BESIDE.test(after))
      return 'may have letters, digits, `.`, `_`, `~` and `-` beside a {name}';
    if (values.has(name)) return `names {${name}} twice`;
    patterns.push(`${escaped(before)}[^/]+${escaped(after)}`);
    if (before === '' && after === '') whole.add(name);
    const cuts = [
      `path,field(${skipped + index + 1},/)`,
      ...(before === '' ? [] : [`bytes(${before.length})`]),
      ...(after === '' ? [] : [`regsub(${after.replaceAll('.', '[.]')}$,)`]),
    ];
    values.set(name, cuts.join(','));
  }
  return { pattern: `^${escaped(base)}/${patterns.join('/')}$`, values, whole };
}

const placeholder = /\{([^{}]*)\}/g;

export const namesIn = (text: string): string[] => [...text.matchAll(placeholder)].map(([, name]) => name ?? '');

/** The text as a log format, with the values in place of their names. */
export function filled(text: string, { values }: PathTemplate): string {
  const pieces = text.split(/(\{[^{}]*\})/);
  return pieces
    .filter((piece) => piece !== '')
    .map((piece) => {
      const sample = piece.startsWith('{') ? values.get(piece.slice(1, -1)) : undefined;
      return sample === undefined ? formatted(piece) : `'%[${sample}]'`;
    })
    .join('');
}

/** Whether no value can make `.` or `..` of a segment of the target. */
export const staysPut = (to: string, { whole }: PathTemplate): boolean =>
  to.split('/').every((segment) => {
    const names = namesIn(segment);
    if (names.length === 0) return !/^\.{1,2}$/.test(segment);
    const rest = segment.replace(placeholder, '');
    return /[^.]/.test(rest) || (rest === '' && names.length === 1 && whole.has(names[0] ?? ''));
  });

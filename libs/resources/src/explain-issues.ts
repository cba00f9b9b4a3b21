import { z } from 'zod';
import type { Path } from './read-yaml.ts';
import { suggest, suggestionHint } from './suggest.ts';

/** One thing that is wrong with a value, at a path, before it has a place in a file. */
export interface Issue {
  readonly rule: 'unknown-field' | 'missing-field' | 'invalid-value' | 'unknown-version' | 'unknown-kind';
  readonly path: Path;
  /** Whether the key itself is what is wrong. */
  readonly part: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
}

/** What is wrong with `value` under `schema`, each with what to do. Empty when nothing is. `kind` names it in messages. */
export function checkValue(schema: z.ZodType, value: unknown, kind: string): Issue[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => explain(issue, schema, value, kind)).slice(0, 100);
}

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown, kind: string): Issue[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const field = path.length === 0 ? kind : `${kind}.${path.join('.')}`;
  const given = valueAt(value, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = fieldsAt(schema, path);
        const hint = suggestionHint(key, known, 'Its fields are');
        return withHint(
          {
            rule: 'unknown-field',
            path: [...path, key],
            part: 'key',
            message: `\`${shorten(key)}\` is not a field of ${field}.`,
          },
          hint,
        );
      });
    case 'invalid_key':
      return [
        {
          rule: 'invalid-value',
          path,
          part: 'key',
          message: `The key \`${shorten(String(path.at(-1)))}\` ${issue.issues[0]?.message ?? 'is not allowed here'}.`,
        },
      ];
    case 'invalid_type':
      if (given === undefined) return [missing(path, field, schema)];
      return [wrongType(path, field, issue.expected, given)];
    case 'invalid_value': {
      if (given === undefined) return [missing(path, field, schema)];
      const values = issue.values.map(String);
      const near = typeof given === 'string' ? suggest(given, values) : undefined;
      const hint = near === undefined ? undefined : `Did you mean \`${near}\`?`;
      const message = `\`${field}\` must be ${listed(values)}, not ${show(given)}.`;
      return [withHint({ rule: 'invalid-value', path, part: 'value', message }, hint)];
    }
    case 'too_big':
    case 'too_small':
      return [{ rule: 'invalid-value', path, part: 'value', message: `\`${field}\` ${bound(issue)}.` }];
    case 'custom':
      if (given === undefined && issue.message.startsWith('is required')) {
        return [{ rule: 'missing-field', path, part: 'key', message: `\`${field}\` ${issue.message}.` }];
      }
      return [{ rule: 'invalid-value', path, part: 'value', message: `\`${field}\` ${issue.message}.` }];
    default:
      return [
        { rule: 'invalid-value', path, part: 'value', message: `\`${field}\` ${issue.message}${shownString(given)}.` },
      ];
  }
}

function missing(path: Path, field: string, schema: z.ZodType): Issue {
  const description = schemaAt(schema, path)?.description;
  return withHint(
    { rule: 'missing-field', path, part: 'key', message: `\`${field}\` is required.` },
    description === undefined ? undefined : `Add \`${String(path.at(-1))}\`: ${description}`,
  );
}

function wrongType(path: Path, field: string, expected: string, given: unknown): Issue {
  const quote = expected === 'string' && (typeof given === 'number' || typeof given === 'boolean');
  return withHint(
    {
      rule: 'invalid-value',
      path,
      part: 'value',
      message: `\`${field}\` must be ${article(expected)}, not ${show(given)}.`,
    },
    quote ? `Put it in quotes${String(given).length < 16 ? `: "${String(given)}"` : ''}.` : undefined,
  );
}

function bound(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  const custom = issue.message;
  if (!custom.startsWith('Too ') && !custom.startsWith('Invalid ')) return custom;
  const [limit, word] = issue.code === 'too_big' ? [issue.maximum, 'at most'] : [issue.minimum, 'at least'];
  if (issue.origin === 'string') return `must be ${word} ${limit} characters long`;
  if (issue.origin === 'array' || issue.origin === 'set')
    return `must have ${word} ${limit} ${Number(limit) === 1 ? 'entry' : 'entries'}`;
  return `must be ${word} ${limit}`;
}

const articles: Record<string, string> = {
  object: 'a mapping of fields',
  record: 'a mapping of fields',
  array: 'a list',
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};
const article = (type: string) => articles[type] ?? `a ${type}`;
const listed = (values: string[]) =>
  values.length === 1 ? `\`${values[0]}\`` : `one of ${values.map((v) => `\`${v}\``).join(', ')}`;
const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
const shownString = (given: unknown) => (typeof given === 'string' ? `; it is ${show(given)}` : '');
const withHint = <T extends Omit<Issue, 'hint'>>(issue: T, hint: string | undefined): Issue =>
  hint === undefined ? issue : { ...issue, hint };

function show(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return `"${shorten(value)}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'this';
}

export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string | number, unknown>)[step];
  }
  return current;
}

/** The names of the fields that the schema knows at a path; empty where any name is allowed. */
export function fieldsAt(schema: z.ZodType, path: Path): string[] {
  const found = schemaAt(schema, path);
  const inner = found === undefined ? undefined : unwrap(found);
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function schemaAt(schema: z.ZodType, path: Path): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema;
  for (const step of path) {
    const inner: z.ZodType | undefined = current === undefined ? undefined : unwrap(current);
    if (inner instanceof z.ZodObject) current = inner.shape[step] as z.ZodType | undefined;
    else if (inner instanceof z.ZodArray) current = inner.element as z.ZodType;
    else if (inner instanceof z.ZodRecord) current = inner.valueType as z.ZodType;
    else return undefined;
  }
  return current;
}

function unwrap(schema: z.ZodType): z.ZodType {
  let current: z.ZodType = schema;
  while (current instanceof z.ZodOptional || current instanceof z.ZodNullable) current = current.unwrap() as z.ZodType;
  return current;
}

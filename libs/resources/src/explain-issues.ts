import type { z } from 'zod';
import { chosenBranch } from './explain-union.ts';
import type { Path } from './read-yaml.ts';
import { fieldsAt, schemaAt, valueAt } from './schema-walk.ts';
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

function explain(issue: z.core.$ZodIssue, schema: z.ZodType, value: unknown, kind: string, depth = 0): Issue[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const field = path.length === 0 ? kind : `${kind}.${path.join('.')}`;
  const given = valueAt(value, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const known = fieldsAt(schema, path, value);
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
      if (given === undefined) return [missing(path, field, schema, value)];
      return [wrongType(path, field, issue.expected, given, schemaAt(schema, path, value)?.schema)];
    case 'invalid_value':
      if (given === undefined) return [missing(path, field, schema, value)];
      return [notOneOf(path, field, issue.values.map(String), given)];
    case 'invalid_union': {
      const words = 'options' in issue ? issue.options?.map(String) : undefined;
      if (given === undefined) return [missing(path, field, schema, value)];
      if (words !== undefined) return [notOneOf(path, field, words, given)];
      const chosen = chosenBranch(depth > 20 ? [] : issue.errors, given);
      if ('values' in chosen) return [notOneOf(path, field, chosen.values, given, chosen.types)];
      return chosen.issues.flatMap((inner) =>
        explain({ ...inner, path: [...path, ...inner.path] }, schema, value, kind, depth + 1),
      );
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

function missing(path: Path, field: string, schema: z.ZodType, value: unknown): Issue {
  const description = schemaAt(schema, path, value)?.schema.description;
  return withHint(
    { rule: 'missing-field', path, part: 'key', message: `\`${field}\` is required.` },
    description === undefined ? undefined : `Add \`${String(path.at(-1))}\`: ${description}`,
  );
}

function wrongType(path: Path, field: string, expected: string, given: unknown, schema: z.ZodType | undefined): Issue {
  const message = `\`${field}\` must be ${article(expected)}, not ${show(given)}.`;
  return withHint({ rule: 'invalid-value', path, part: 'value', message }, mendingType(expected, given, schema));
}

/** How the value that was given is written as what is expected. */
function mendingType(expected: string, given: unknown, schema: z.ZodType | undefined): string | undefined {
  const text = String(given);
  if (typeof given === 'object' || text.length >= 16) {
    return expected === 'string' && typeof given !== 'object' ? 'Put it in quotes.' : undefined;
  }
  if (expected === 'string' && typeof given !== 'string') {
    const form = schema === undefined ? undefined : schema.safeParse(text).error?.issues[0]?.message;
    return form === undefined ? `Put it in quotes: "${text}".` : `It ${form}.`;
  }
  const bare =
    expected === 'boolean' ? /^(true|false)$/ : ['number', 'int'].includes(expected) ? /^-?\d+(\.\d+)?$/ : undefined;
  if (bare?.test(text) === true) return `Take the quotes away: ${text}.`;
  if (expected === 'array' && /^[\w-]+$/.test(text)) return `Make it a list: [${text}].`;
  return undefined;
}

function notOneOf(
  path: Path,
  field: string,
  values: readonly string[],
  given: unknown,
  types: readonly string[] = [],
): Issue {
  const near = typeof given === 'string' ? suggest(given, values) : undefined;
  const hint = near === undefined ? undefined : `Did you mean \`${near}\`?`;
  const choices = [...(values.length === 0 ? [] : [listed(values)]), ...types.map(article)];
  const must = choices.length === 0 ? 'has none of the forms that it may have' : `must be ${choices.join(' or ')}`;
  const message = `\`${field}\` ${must}, not ${show(given)}.`;
  return withHint({ rule: 'invalid-value', path, part: 'value', message }, hint);
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
const listed = (values: readonly string[]) =>
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

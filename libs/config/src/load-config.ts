import { InvalidInputError, type FieldError } from '@gitway/errors';
import { z } from 'zod';

/**
 * Parses the environment once, at boot. An empty variable counts as one that is not set, as shells and compose files
 * write it; variables that the schema does not name are not looked at.
 *
 * @throws InvalidInputError `bad-config` that names every bad variable and what it must be. No value of any variable
 * is ever part of the message, since any of them may be a secret.
 */
export function loadConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: NodeJS.ProcessEnv = process.env,
): z.infer<z.ZodObject<Shape>> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = env[name];
    if (value !== undefined && value.trim() !== '') given[name] = value;
  }
  const result = schema.safeParse(given, { error: (issue) => describeIssue(issue) });
  if (result.success) return result.data;

  const fields = new Map<string, FieldError>();
  for (const issue of result.error.issues) {
    const field = String(issue.path[0] ?? '');
    const inside = issue.path.slice(1).map(String).join('.');
    const words = !(field in given) ? 'is not set' : inside === '' ? issue.message : `${inside}: ${issue.message}`;
    const about = meaningOf(schema, field);
    if (!fields.has(field)) fields.set(field, { field, message: about === '' ? words : `${words} (${about})` });
  }
  const lines = [...fields.values()].map(({ field, message }) => `  ${field}: ${message}`);
  throw new InvalidInputError('bad-config', `The configuration is not usable:\n${lines.join('\n')}`, {
    fields: [...fields.values()],
  });
}

/** zod's own words may quote the input; these never do. */
function describeIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `must be a ${issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'unrecognized_keys':
      return 'has fields that are not known';
    case 'invalid_union':
      return 'has none of the forms that are understood';
    default:
      return undefined;
  }
}

function meaningOf(schema: z.ZodObject, field: string): string {
  const variable = schema.shape[field];
  return variable instanceof z.ZodType ? (variable.description ?? '') : '';
}

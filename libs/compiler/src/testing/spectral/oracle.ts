import * as core from '@stoplight/spectral-core';
import * as formats from '@stoplight/spectral-formats';
import * as functions from '@stoplight/spectral-functions';
import * as Parsers from '@stoplight/spectral-parsers';
import { Resolver } from '@stoplight/spectral-ref-resolver';
import * as rulesets from '@stoplight/spectral-rulesets';
import { parse } from 'yaml';

type Files = Readonly<Record<string, string>>;
type Data = Record<string, unknown>;

/** One finding, as far as Spectral and Gitway speak of the same. */
export interface Compared {
  readonly code: string;
  readonly severity: string;
  readonly file: string;
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/**
 * What Spectral itself finds: its parser, its resolver, its document class, and rulesets as the JavaScript objects that
 * its documentation shows. Of Gitway's loader and runner nothing is used.
 */
export async function spectralFindings(rulesetPath: string, documentPath: string, files: Files): Promise<Compared[]> {
  const reader = {
    resolve: (uri: { path(): string }) => Promise.resolve(files[decodeURI(uri.path()).replace(/^\//, '')]),
  };
  const engine = new core.Spectral({ resolver: new Resolver({ resolvers: { file: reader } }) });
  const definition = asObject(rulesetPath, files, new Map()) as core.RulesetDefinition;
  engine.setRuleset(new core.Ruleset(definition, { severity: 'recommended', source: `/${rulesetPath}` }));
  const document = new core.Document(files[documentPath]!, Parsers.Yaml, `/${documentPath}`);
  const results = await engine.run(document, { ignoreUnknownFormat: true });
  return results.map(({ code, severity, source, path, range, message }) => ({
    code: String(code),
    severity: ['error', 'warning', 'info', 'info'][severity]!,
    file: (source ?? `/${documentPath}`).slice(1),
    path: path.join('.'),
    line: range.start.line + 1,
    message,
  }));
}

const builtIn: Readonly<Record<string, unknown>> = {
  'spectral:oas': rulesets.oas,
  'spectral:asyncapi': rulesets.asyncapi,
};
const formatNames: Readonly<Record<string, unknown>> = {
  ...formats,
  'oas3.0': formats.oas3_0,
  'oas3.1': formats.oas3_1,
};

/** The JavaScript object that stands for a ruleset file. */
function asObject(path: string, files: Files, known: Map<string, Data>): Data {
  const before = known.get(path);
  if (before !== undefined) return before;
  const made: Data = {};
  known.set(path, made);
  return Object.assign(made, part(parse(files[path]!) as Data, path, files, known));
}

function part(data: Data, path: string, files: Files, known: Map<string, Data>): Data {
  const extend = (name: string): unknown =>
    builtIn[name] ?? asObject(new URL(name, `file:///${path}`).pathname.slice(1), files, known);
  const made: Data = { ...data };
  if (data['extends'] !== undefined)
    made['extends'] = [data['extends']]
      .flat()
      .map((item: unknown) =>
        Array.isArray(item) ? [extend(item[0] as string), item[1] as unknown] : extend(item as string),
      );
  if (data['formats'] !== undefined) made['formats'] = named(data['formats']);
  if (data['aliases'] !== undefined) made['aliases'] = each(data['aliases'] as Data, alias);
  if (data['rules'] !== undefined) made['rules'] = each(data['rules'] as Data, rule);
  if (data['overrides'] !== undefined)
    made['overrides'] = (data['overrides'] as Data[]).map((item) => part(item, path, files, known));
  return made;
}

const named = (names: unknown) => (names as string[]).map((name) => formatNames[name]);
const each = (record: Data, change: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

function alias(value: unknown): unknown {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value;
  const { targets, ...rest } = value as { targets: { formats: unknown; given: unknown }[] };
  return { ...rest, targets: targets.map(({ formats: of, given }) => ({ formats: named(of), given })) };
}

function rule(value: unknown): unknown {
  if (typeof value !== 'object') return value;
  const { then, formats: of, ...rest } = value as Data;
  const call = (item: unknown) => {
    const { function: name, ...more } = item as { function: string };
    return { ...more, function: functions[name as keyof typeof functions] };
  };
  const made = new Map<string, unknown>(Object.entries(rest));
  if (of !== undefined) made.set('formats', named(of));
  made.set('then', Array.isArray(then) ? then.map(call) : call(then));
  return Object.fromEntries(made);
}

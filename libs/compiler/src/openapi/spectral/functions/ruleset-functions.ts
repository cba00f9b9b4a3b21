import { messageOf } from '@gitway/errors';
import type { IFunction, Rule, RulesetFunctionContext } from '@stoplight/spectral-core';
import type { spectral } from '../build-ruleset.ts';
import { coreFunctions, type DeclaredFunction } from '../ruleset.ts';
import { Graph, TooManyNodes } from './graph.ts';
import { prelude } from './prelude.ts';
import { Sandbox, SandboxError } from './sandbox.ts';

type Libraries = Awaited<ReturnType<typeof spectral>>;
type Check = IFunction & { validator?: (options: unknown) => void };

/** The functions of one ruleset for one document, run in a sandbox. @throws SandboxError when they cannot be had */
export async function openFunctions(
  modules: Readonly<Record<string, string>>,
  libraries: Libraries,
): Promise<(declared: DeclaredFunction) => Check> {
  const formats = new Map<unknown, string>(Object.entries(libraries.formats).map(([name, format]) => [format, name]));
  const sandbox = await Sandbox.open({ modules, formats: [...formats.values()] });
  const graph = new Graph();
  let current: RulesetFunctionContext | undefined;
  const crossing = (value: unknown) => {
    try {
      return graph.crossing(value);
    } catch (error) {
      if (error instanceof TooManyNodes) throw new SandboxError(`${error.message}.`);
      throw error;
    }
  };
  const ask = sandbox.hostFunction((text) => {
    const question = JSON.parse(text) as { graph?: 'data' | 'resolved'; core?: string } & CoreCall;
    if (question.core !== undefined) return JSON.stringify(callCore(question.core, question, current, libraries));
    const { resolved, unresolved } = current!.documentInventory as { resolved?: unknown; unresolved?: unknown };
    return JSON.stringify(crossing(question.graph === 'resolved' ? resolved : unresolved));
  });
  const bridge = sandbox.start(prelude, ask);
  sandbox.describeWith(bridge);
  let count = 0;
  const known = new Map<string, Check>();

  return ({ name, file, schema }) => {
    const key = JSON.stringify([name, file, schema]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const declared = sandbox.call(bridge, 'add', sandbox.module(file));
    const number = count++;
    const run = (input: unknown, options: unknown, context: RulesetFunctionContext) => {
      current = context;
      const { document } = context;
      const rule = context.rule as Rule;
      const job = {
        ...crossing(input),
        options,
        path: context.path,
        source: document.source?.replace(/^\//, '') ?? null,
        formats: [...(document.formats ?? [])]
          .map((format) => formats.get(format))
          .filter((each) => each !== undefined),
        rule: {
          name: rule.name,
          description: rule.description,
          message: rule.message,
          severity: rule.severity,
          documentationUrl: rule.documentationUrl,
        },
      };
      let result = sandbox.call(bridge, 'call', number, JSON.stringify(job));
      if (result === true) {
        sandbox.settle();
        result = sandbox.call(bridge, 'collect');
        if (result === true)
          throw new SandboxError('it waits for something that never comes: there are no timers here.');
      }
      return result === undefined ? undefined : (JSON.parse(result as string) as { message: string }[]);
    };
    const placed: Check = (input, options, context) => {
      try {
        return run(input, options, context);
      } catch (error) {
        throw withPlace(error, file);
      }
    };
    Object.defineProperty(placed, 'name', { value: name });
    const own = typeof declared === 'string' ? checked(JSON.parse(declared) as Definition, placed, libraries) : placed;
    const complete =
      schema === undefined
        ? own
        : checked({ input: null, options: schema, errorOnInvalidInput: true, name }, own, libraries);
    known.set(key, complete);
    return complete;
  };
}

/** An error that says where in which file. */
export function withPlace(error: unknown, file: string): Error {
  if (!(error instanceof SandboxError)) return error instanceof Error ? error : new Error(messageOf(error));
  const { place } = error;
  return new Error(`${place === undefined ? file : `${place.file}:${place.line}`}: ${error.message}`);
}

interface Definition {
  readonly input: unknown;
  readonly options: unknown;
  readonly errorOnInvalidInput: boolean;
  readonly name: string;
}

/** Spectral keeps what it makes of a schema for as long as the process lives: the same schema is given to it once. */
const validators = new Map<string, Check>();
const MAX_VALIDATORS = 500;

/** What `createRulesetFunction` comes to, its schemas applied outside of the sandbox. */
function checked(definition: Definition, check: Check, { core }: Libraries): Check {
  const { input, options, errorOnInvalidInput, name } = definition;
  const key = JSON.stringify(definition);
  let validate = validators.get(key);
  if (validate === undefined) {
    const passed = () => passes;
    Object.defineProperty(passed, 'name', { value: name });
    validate = core.createRulesetFunction(
      { input, options, errorOnInvalidInput } as Parameters<typeof core.createRulesetFunction>[0],
      passed,
    ) as Check;
    if (validators.size >= MAX_VALIDATORS) validators.clear();
    validators.set(key, validate);
  }
  const valid = validate;
  const complete: Check = (value, given, context) => {
    const result = valid(value, given, context);
    return result === passes ? check(value, given, context) : result;
  };
  Object.defineProperty(complete, 'name', { value: check.name });
  complete.validator = (given) => {
    valid.validator?.(given);
    check.validator?.(given);
  };
  return complete;
}
const passes: { message: string }[] = [];

interface CoreCall {
  readonly input?: unknown;
  readonly options?: unknown;
  readonly path?: (string | number)[];
}

/** One of Spectral's own functions, called by one of a repository. */
function callCore(
  name: string,
  { input, options, path }: CoreCall,
  context: RulesetFunctionContext | undefined,
  { functions }: Libraries,
): object {
  if (!coreFunctions.includes(name) || context === undefined)
    return { error: `${name.slice(0, 40)} cannot be called here` };
  const core = functions[name as keyof typeof functions] as unknown as IFunction;
  try {
    const results = core(input, options, { ...context, path: Array.isArray(path) ? path : [] });
    return { results: results === undefined ? null : results };
  } catch (error) {
    return { error: messageOf(error).slice(0, 300) };
  }
}

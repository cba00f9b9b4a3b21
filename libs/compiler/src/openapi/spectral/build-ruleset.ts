import type { IFunction, Ruleset, RulesetDefinition } from '@stoplight/spectral-core';
import { isMapping } from './check-ruleset.ts';
import { formatNames, type DeclaredFunction, type RulesetData, type SpectralRuleset } from './ruleset.ts';

/** Loaded when the first ruleset is met: most workspaces have none. */
async function loadSpectral() {
  const [core, functions, formats, rulesets] = await Promise.all([
    import('@stoplight/spectral-core'),
    import('@stoplight/spectral-functions'),
    import('@stoplight/spectral-formats'),
    import('@stoplight/spectral-rulesets'),
  ]);
  return { core, functions, formats, rulesets };
}
type Spectral = Awaited<ReturnType<typeof loadSpectral>>;
let loaded: Promise<Spectral> | undefined;
export const spectral = () => (loaded ??= loadSpectral());
type Loaded = Spectral & { readonly provide: ProvideFunction };

/** What stands for a function of a repository. */
export type ProvideFunction = (declared: DeclaredFunction) => IFunction;

/** Where nothing is linted: nothing of a repository runs, and the options of its functions are not looked at. */
const nothingRuns: ProvideFunction = () => () => undefined;

/** A new instance of a checked ruleset: one that is used again grows. @throws what Spectral does not accept */
export async function buildRuleset(ruleset: SpectralRuleset, provide = nothingRuns): Promise<Ruleset> {
  const libraries = { ...(await spectral()), provide };
  const definition = definitionOf(ruleset.definition, libraries) as RulesetDefinition;
  return new libraries.core.Ruleset(definition, { severity: 'recommended', source: `/${ruleset.path}` });
}

function definitionOf(data: RulesetData, libraries: Loaded): object {
  const { functions, ...rest } = data;
  const own = new Map(functions?.map((declared) => [declared.name, declared]));
  const built: Record<string, unknown> = { ...rest, ...partOf(data, libraries, own) };
  const overrides = data['overrides'];
  if (Array.isArray(overrides)) {
    built['overrides'] = overrides.map((part: unknown) =>
      isMapping(part) ? { ...part, ...partOf(part as RulesetData, libraries, own) } : part,
    );
  }
  return built;
}

type OwnFunctions = ReadonlyMap<string, DeclaredFunction>;

/** What both a ruleset and an override hold. */
function partOf(data: RulesetData, libraries: Loaded, own: OwnFunctions): Record<string, unknown> {
  const part: Record<string, unknown> = {};
  const extendable = (item: unknown): unknown =>
    typeof item === 'string'
      ? libraries.rulesets[item.replace('spectral:', '') as keyof Loaded['rulesets']]
      : Array.isArray(item)
        ? [extendable(item[0]), item[1]]
        : definitionOf(item as RulesetData, libraries);
  if (data.extends !== undefined) part['extends'] = data.extends.map(extendable);
  if (Array.isArray(data['formats'])) part['formats'] = formatsOf(data['formats'], libraries);
  if (isMapping(data['aliases'])) {
    part['aliases'] = mapped(data['aliases'], (alias) => {
      if (typeof alias === 'string') return [alias];
      if (!isMapping(alias) || !Array.isArray(alias['targets'])) return alias;
      return { ...alias, targets: alias['targets'].map((target: unknown) => withFormats(target, libraries)) };
    });
  }
  if (isMapping(data['rules'])) {
    part['rules'] = mapped(data['rules'], (rule) => {
      if (!isMapping(rule)) return rule;
      const fields = Object.entries(rule).map(([field, value]): [string, unknown] => {
        if (field !== 'then') return [field, value];
        const thens = (each: unknown) => thenOf(each, libraries, own);
        return [field, Array.isArray(value) ? value.map(thens) : thens(value)];
      });
      return withFormats(Object.fromEntries(fields), libraries);
    });
  }
  return part;
}

function thenOf(then: unknown, { functions, provide }: Loaded, own: OwnFunctions): unknown {
  if (!isMapping(then) || typeof then['function'] !== 'string') return then;
  const declared = own.get(then['function']);
  if (declared !== undefined) return { ...then, function: provide(declared) };
  return { ...then, function: functions[then['function'] as keyof typeof functions] };
}

const withFormats = (value: unknown, libraries: Loaded): unknown =>
  isMapping(value) && Array.isArray(value['formats'])
    ? { ...value, formats: formatsOf(value['formats'], libraries) }
    : value;

const formatsOf = (names: readonly unknown[], { formats }: Loaded) =>
  names.map((name) => formats[formatNames[String(name)] as keyof typeof formats]);

const mapped = (record: Readonly<Record<string, unknown>>, change: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

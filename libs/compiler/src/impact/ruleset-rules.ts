import { digestOf } from '@gitway/contracts';
import { isMapping } from '../openapi/spectral/check-ruleset.ts';
import { spectralRuleId, type RulesetData, type SpectralRuleset } from '../openapi/spectral/ruleset.ts';

export interface RulesetRules {
  /** Rules that its files write out or turn on or off, by the ids of their findings; a digest of what they say. */
  readonly rules: ReadonlyMap<string, string>;
  /** Of all that concerns rules that it does not name: what it extends that is built in, aliases, formats, functions. */
  readonly rest: string;
}

const known = new WeakMap<RulesetData, RulesetRules>();

/** What a Spectral ruleset says, rule by rule: a digest that differs is a rule that may find something else. */
export function rulesetRules({ definition, digest, trial }: SpectralRuleset): RulesetRules {
  const kept = known.get(definition);
  const found = kept ?? read(definition, digest);
  if (kept === undefined) known.set(definition, found);
  if (trial !== true) return found;
  const onTrial = (of: string) => digestOf(['trial', of]);
  return { rules: new Map([...found.rules].map(([id, of]) => [id, onTrial(of)])), rest: onTrial(found.rest) };
}

function read(definition: RulesetData, digest: string): RulesetRules {
  const said = new Map<string, unknown[]>();
  const rest = restOf(definition, said);
  // Code is not among what a definition says of itself.
  const functions = hasFunctions(definition) ? digest : null;
  return {
    rules: new Map([...said].map(([id, sayings]) => [id, digestOf(sayings)])),
    rest: digestOf({ rest, functions }),
  };
}

/** The definition without its rules, which are noted in the order in which they are merged. */
function restOf(data: RulesetData, said: Map<string, unknown[]>): unknown {
  const { extends: bases = [], rules, ...others } = data as RulesetData & { rules?: unknown };
  const rest = bases.map((base) => {
    const [of, mode] = (Array.isArray(base) ? base : [base, null]) as [string | RulesetData, string | null];
    return [typeof of === 'string' ? of : restOf(of, said), mode];
  });
  for (const [code, rule] of isMapping(rules) ? Object.entries(rules) : []) {
    const id = spectralRuleId(code);
    said.set(id, [...(said.get(id) ?? []), rule]);
  }
  return { bases: rest, ...others };
}

function hasFunctions(data: RulesetData): boolean {
  if ('functions' in data) return true;
  return (data.extends ?? []).some((base) => {
    const of = (Array.isArray(base) ? base[0] : base) as string | RulesetData;
    return typeof of !== 'string' && hasFunctions(of);
  });
}

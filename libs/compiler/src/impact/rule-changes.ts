import { digestOf } from '@gitway/contracts';
import type { Guardrail } from '@gitway/guardrails';
import type { RuleSetSpec } from '@gitway/resources';
import { changeIds } from '../breaking/breaking-rules.ts';
import { holdsIn } from '../checks/settings.ts';
import { ruleOf } from '../rules/index.ts';
import { isFixed } from '../verdicts/rule-levels.ts';
import { rulesetRules } from './ruleset-rules.ts';
import type { RulesInForce } from './rules-in-force.ts';

/** What is said of breaking changes as a whole; no rule has this id. */
export const BREAKING = 'breaking';
/** What a Spectral ruleset says of rules that it does not name. */
const REST = 'ruleset ';

/** By rule: a digest of all that RuleSets decide of what it finds in an environment, and how grave that is. */
export function ruleDigests(rules: RulesInForce, environment: string): Map<string, string> {
  const { located, ruleSets, lint, breaking } = rules;
  const said = new Map<string, Record<string, unknown>>();
  const say = (id: string, what: Record<string, unknown>) => said.set(id, { ...said.get(id), ...what });
  for (const id of ruleSets.levels.spokenOf) say(id, {});
  for (const { id, expression, appliesTo } of ruleSets.rules) say(id, { expression, appliesTo });
  for (const ruleset of lint.settings.rulesets ?? []) {
    const { rules: own, rest } = rulesetRules(ruleset);
    for (const [id, digest] of own) say(id, { [ruleset.path]: digest });
    say(`${REST}${ruleset.path}`, { rest });
  }
  for (const [id, demands] of Object.entries(demandsOf(rules, environment)))
    if (demands.length > 0) say(id, { demands });
  for (const { resource } of located) {
    const { ignore = [], mode } = resource.value.spec as RuleSetSpec;
    // What is on trial passes nothing over.
    for (const { rule, ...entry } of mode === 'trial' ? [] : ignore)
      say(rule, { ignored: [...((said.get(rule)?.['ignored'] as unknown[] | undefined) ?? []), entry] });
  }
  const policies = [...breaking.rules, ...breaking.trial].map(({ policies: own = [] }) =>
    own.filter((policy) => holdsIn(policy, environment)),
  );
  if (policies.some((own) => own.length > 0)) say(BREAKING, { policies, enforced: breaking.rules.length });
  return new Map(
    [...said].map(([id, what]) => {
      const opinions = id.startsWith(REST) ? [] : ruleSets.levels.opinionsOn(id, environment);
      return [id, digestOf({ ...what, opinions })];
    }),
  );
}

function demandsOf({ settings }: RulesInForce, environment: string): Record<string, readonly unknown[]> {
  const holding = <T extends { environments?: readonly string[] | undefined }>(
    declared: readonly { readonly rule: T; readonly trial: boolean }[],
  ) => declared.filter(({ rule }) => holdsIn(rule, environment)).map(({ rule, trial }) => ({ rule, trial }));
  return { 'missing-policy': holding(settings.requirements), 'private-upstream': holding(settings.upstreams) };
}

/** Rules that are to be held against what is live. */
export interface ChangedRules {
  readonly guardrails: readonly Guardrail[];
  /** Of Gitway and of Spectral rulesets. */
  readonly findings: ReadonlySet<string>;
  /** Whether also those of Spectral rulesets that nothing names. */
  readonly unnamed: boolean;
  /** Of changes that break callers: by id, and `breaking`. */
  readonly breaking: ReadonlySet<string>;
  /** Those among them of which nothing is said any more. */
  readonly left: ReadonlySet<string>;
}

/** Rules that say something else than those whose digests are known, are new, or are left to Gitway again. */
export function changedRules(
  { ruleSets }: RulesInForce,
  digests: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, string>,
): ChangedRules {
  const guardrails = new Map(ruleSets.rules.map((rule) => [rule.id, rule]));
  const isOwn = (id: string) => id === BREAKING || changeIds.has(id) || (ruleOf(id) !== undefined && !isFixed(id));
  const left = [...known.keys()].filter((id) => !digests.has(id) && isOwn(id));
  const changed = [...[...digests].flatMap(([id, digest]) => (known.get(id) === digest ? [] : [id])), ...left];
  const isBreaking = (id: string) => id === BREAKING || changeIds.has(id);
  return {
    guardrails: changed.flatMap((id) => guardrails.get(id) ?? []),
    findings: new Set(changed.filter((id) => !guardrails.has(id) && !id.startsWith(REST) && !isBreaking(id))),
    unnamed: changed.some((id) => id.startsWith(REST)),
    breaking: new Set(changed.filter(isBreaking)),
    left: new Set(left),
  };
}

/** Everything that the RuleSets say, changed or not. */
export const allRules = (rules: RulesInForce, environment: string): ChangedRules =>
  changedRules(rules, ruleDigests(rules, environment), new Map());

export const noRules: ChangedRules = {
  guardrails: [],
  findings: new Set(),
  unnamed: false,
  breaking: new Set(),
  left: new Set(),
};

export const isNothing = ({ guardrails, findings, unnamed, breaking }: ChangedRules) =>
  guardrails.length + findings.size + breaking.size === 0 && !unnamed;

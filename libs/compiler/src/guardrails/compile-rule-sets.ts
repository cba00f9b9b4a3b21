import { breakingRuleOf } from '@gitway/breaking';
import type { Finding } from '@gitway/contracts';
import {
  compileGuardrail,
  isGuardrail,
  starterGuardrailOf,
  starterRules,
  type ExpressionProblem,
  type Guardrail,
  type GuardrailSpec,
} from '@gitway/guardrails';
import { locationOf, suggestionHint, type GuardrailEntry, type Path, type RuleSetResource } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import { finding } from '../findings.ts';
import type { ResourceIndex } from '../resource-index.ts';
import { ruleOf, rules as ownRules } from '../rules/index.ts';
import { isFixed, RuleLevels, type Level, type RuleSetLevels } from '../verdicts/rule-levels.ts';
import type { CompileCache } from '../workspace.ts';
import { partOfScalar } from './scalar-range.ts';

export interface RuleSets {
  /** Guardrails that some RuleSet has, each once. */
  readonly rules: readonly Guardrail[];
  readonly levels: RuleLevels;
  /** Whether there is a rule of this id, Gitway's own or somebody's. */
  readonly isKnown: (rule: string) => boolean;
  readonly findings: readonly Finding[];
}

interface CompiledRuleSet {
  readonly rules: readonly Guardrail[];
  readonly levels: RuleSetLevels;
  readonly findings: readonly Finding[];
}

/** The rules of all RuleSets, and what is wrong with them. What is wrong refuses every environment. */
export function compileRuleSets(
  index: ResourceIndex,
  cache: CompileCache,
  ruleSets: readonly Located[] = index.all('RuleSet'),
): RuleSets {
  const rules = new Set<Guardrail>();
  const levels: RuleSetLevels[] = [];
  const findings: Finding[] = [];
  const owners = new Map<string, Located>();
  for (const located of ruleSets) {
    const key = `rule-set:${located.id}`;
    let compiled = cache.get(key) as CompiledRuleSet | undefined;
    if (compiled === undefined) {
      compiled = compileRuleSet(located);
      cache.set(key, compiled);
    }
    findings.push(...compiled.findings, ...unknownEnvironments(located, index), ...takenIds(located, owners));
    for (const rule of compiled.rules) rules.add(rule);
    levels.push(compiled.levels);
  }
  const own = new Set([...rules].map(({ id }) => id));
  const isKnown = (rule: string) => own.has(rule) || starterGuardrailOf(rule) !== undefined || isRuleOfGitway(rule);
  return {
    rules: [...rules],
    levels: new RuleLevels(
      levels,
      index
        .all('RuleSet')
        .map(({ id }) => id)
        .join('\n'),
    ),
    isKnown,
    findings,
  };
}

const specOf = ({ resource }: Located) => resource.value.spec as RuleSetResource['spec'];

function compileRuleSet(located: Located): CompiledRuleSet {
  const spec = specOf(located);
  const findings: Finding[] = [];
  const starters = new Map<string, Level>();
  const own: Guardrail[] = [];
  const ownLevels = new Map<string, Level>();
  const { guardrails = [] } = spec;
  guardrails.forEach((entry, position) => {
    const path = ['spec', 'guardrails', position];
    if (entry.use === 'all') {
      for (const { id, severity } of starterRules) starters.set(id, entry.severity ?? severity);
    } else if (entry.use !== undefined) {
      const rule = starterGuardrailOf(entry.use);
      if (rule !== undefined) starters.set(rule.id, entry.severity ?? rule.severity);
      else findings.push(unknownRule(located, [...path, 'use'], entry.use));
    } else {
      const compiled = compileGuardrail(ownSpec(entry));
      ownLevels.set(entry.id!, entry.severity ?? 'warning');
      if (isGuardrail(compiled)) own.push(compiled);
      else for (const problem of compiled) findings.push(place(problem, located, [...path, problem.where.field!]));
    }
  });
  const taken = new Map([...starters, ...ownLevels]);
  findings.push(...unknownIds(located, taken));
  const rules = [...[...starters.keys()].map((id) => starterGuardrailOf(id)!), ...own];
  const placeOf = (rule: string) => locationOf(located.resource, pathOf(spec, rule));
  return { rules, levels: { spec, taken, placeOf }, findings };
}

/** Where a RuleSet speaks of a rule. */
function pathOf({ guardrails = [], rules = {}, overrides = [] }: RuleSetResource['spec'], rule: string): Path {
  const entry = guardrails.findLastIndex(({ id, use }) => id === rule || use === rule);
  const all = guardrails.findLastIndex(({ use }) => use === 'all');
  const override = overrides.findLastIndex((each) => each.rules?.includes(rule));
  if (entry >= 0) return ['spec', 'guardrails', entry];
  if (Object.hasOwn(rules, rule)) return ['spec', 'rules', rule];
  if (starterGuardrailOf(rule) !== undefined && all >= 0) return ['spec', 'guardrails', all];
  return override >= 0 ? ['spec', 'overrides', override] : ['spec'];
}

/** Levels may be given to rules that the RuleSet has, and to those of Gitway itself that are a matter of judgement. */
function unknownIds(located: Located, taken: ReadonlyMap<string, Level>): Finding[] {
  const { rules = {}, overrides = [] } = specOf(located);
  const check = (id: string, path: Path, part: 'key' | 'value'): Finding[] => {
    if (taken.has(id)) return [];
    const where = locationOf(located.resource, path, part);
    if (isFixed(id)) {
      const message = `The severity of \`${id}\` cannot be changed.`;
      return [finding('rule-fixed', 'error', where, message, 'Take it out; mend what the rule points at.')];
    }
    if (isRuleOfGitway(id)) return [];
    const message = `This RuleSet has no rule \`${id}\`.`;
    const hint = suggestionHint(id, [...taken.keys(), ...adjustableRules()], 'It has');
    return [finding('guardrail-unknown', 'error', where, message, hint)];
  };
  return [
    ...Object.keys(rules).flatMap((id) => check(id, ['spec', 'rules', id], 'key')),
    ...overrides.flatMap(({ rules: ids = [] }, position) =>
      ids.flatMap((id, number) => check(id, ['spec', 'overrides', position, 'rules', number], 'value')),
    ),
  ];
}

const isRuleOfGitway = (id: string) =>
  ruleOf(id) !== undefined || breakingRuleOf(id) !== undefined || id.startsWith('spectral-');
const adjustableRules = () => ownRules.map(({ id }) => id).filter((id) => !isFixed(id));

export function ownSpec(entry: GuardrailEntry): GuardrailSpec {
  const { id, severity = 'warning', appliesTo, expression, message, hint, field } = entry;
  return {
    id: id!,
    severity: severity === 'off' ? 'info' : severity,
    appliesTo: appliesTo as GuardrailSpec['appliesTo'],
    expression: expression!,
    message: message!,
    hint: hint ?? `Change it, or change the rule \`${id}\` of your RuleSet.`,
    ...(field === undefined ? {} : { field }),
  };
}

/** The problem at the very characters of the file that it is about. */
function place(problem: ExpressionProblem, { resource }: Located, path: Path): Finding {
  const { source, start, end, message, hint } = problem;
  const where = locationOf(resource, path);
  const range = partOfScalar(resource.file.text, where.range, source, start, end);
  return finding('guardrail-expression', 'error', { ...where, range }, message, hint);
}

function unknownRule({ resource }: Located, path: Path, id: string): Finding {
  const known = starterRules.map((rule) => rule.id);
  const hint = suggestionHint(id, known, 'There are') ?? 'All of them: `gitway rules list`.';
  const message = `There is no rule \`${id}\` in the starter library.`;
  return finding('guardrail-unknown', 'error', locationOf(resource, path), message, hint);
}

function unknownEnvironments(located: Located, index: ResourceIndex): Finding[] {
  const { guardrails = [], overrides = [] } = specOf(located);
  const check = (names: readonly string[] | undefined, path: Path) =>
    (names ?? []).flatMap((name, number) => {
      const where = () => locationOf(located.resource, [...path, number]);
      return index.unknownReference('Environment', name, where) ?? [];
    });
  return [
    ...guardrails.flatMap(({ appliesTo }, position) =>
      check(appliesTo?.environments, ['spec', 'guardrails', position, 'appliesTo', 'environments']),
    ),
    ...overrides.flatMap(({ environments }, position) =>
      check(environments, ['spec', 'overrides', position, 'environments']),
    ),
  ];
}

function takenIds(located: Located, owners: Map<string, Located>): Finding[] {
  return (specOf(located).guardrails ?? []).flatMap(({ id }, position) => {
    if (id === undefined) return [];
    const by = owners.has(id)
      ? `another rule, in RuleSet \`${owners.get(id)!.resource.name}\``
      : starterGuardrailOf(id) !== undefined
        ? 'a rule of the starter library'
        : ruleOf(id) !== undefined
          ? 'a rule of Gitway itself'
          : undefined;
    if (by === undefined) {
      owners.set(id, located);
      return [];
    }
    const where = locationOf(located.resource, ['spec', 'guardrails', position, 'id']);
    return [
      finding('guardrail-duplicate', 'error', where, `The id \`${id}\` is taken by ${by}.`, 'Choose another id.'),
    ];
  });
}

import type { Path } from '@gitway/resources';
import { jsonPathProblem } from './json-path.ts';
import { coreFunctions, formatNames } from './ruleset.ts';

export interface RulesetProblem {
  readonly rule: 'ruleset-invalid' | 'ruleset-refused';
  readonly path: Path;
  readonly message: string;
  readonly hint: string;
}

const notAllowed = 'functions of this source are not run.';
const allowIt =
  'Use the core functions, or a guardrail in CEL, or have the source allowed: GITWAY_RULESET_FUNCTIONS of the validator, --allow-ruleset-functions of gitway check.';
const placeholder = /#\{\{\s*print\((["'])(?:property|value|error|path|description)\1\)\s*\}\}/g;
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * What of one ruleset file cannot be accepted: what would run code or reach out, and what only this can be told of.
 * @param allowed whether JavaScript functions may be named
 */
export function checkRuleset(ruleset: Readonly<Record<string, unknown>>, allowed: boolean): RulesetProblem[] {
  const declared = allowed ? declaredNames(ruleset) : [];
  const problems: RulesetProblem[] = [];
  const refuse = (path: Path, message: string, hint: string) =>
    void problems.push({ rule: 'ruleset-refused', path, message, hint });
  const invalid = (path: Path, message: string, hint: string) =>
    void problems.push({ rule: 'ruleset-invalid', path, message, hint });

  const checkPath = (value: unknown, path: Path): void => {
    for (const [at, given] of Array.isArray(value) ? value.entries() : [[undefined, value] as const]) {
      if (typeof given !== 'string') continue;
      const problem = jsonPathProblem(given);
      if (problem === undefined) continue;
      const hint = 'Filters may compare values, use `match`, `includes` and the like; see docs/lint.md.';
      refuse(at === undefined ? path : [...path, at], `The JSONPath \`${given.slice(0, 80)}\` ${problem}.`, hint);
    }
  };
  const checkFormats = (value: unknown, path: Path): void => {
    if (!Array.isArray(value)) return;
    value.forEach((format, at) => {
      if (typeof format === 'string' && Object.hasOwn(formatNames, format)) return;
      const names = Object.keys(formatNames).filter((name) => name.startsWith('oas') && !name.includes('_'));
      invalid(
        [...path, at],
        `There is no format \`${String(format).slice(0, 40)}\`.`,
        `Formats are ${names.join(', ')}.`,
      );
    });
  };
  const checkThen = (value: unknown, path: Path): void => {
    const entries = Array.isArray(value)
      ? value.map((then, at) => [then, [...path, at]] as const)
      : [[value, path] as const];
    for (const [then, place] of entries as [unknown, Path][]) {
      if (!isMapping(then)) continue;
      const { function: name, field } = then;
      if (typeof field === 'string' && field.startsWith('$') && !/^\$[A-Za-z]\w*$/.test(field))
        checkPath(field, [...place, 'field']);
      if (typeof name === 'string' && !coreFunctions.includes(name) && !declared.includes(name)) {
        const shown = `\`${name.slice(0, 40)}\` is not a core function of Spectral`;
        const core = `Functions are ${coreFunctions.join(', ')}.`;
        if (allowed)
          invalid(
            [...place, 'function'],
            `${shown}, and not named in \`functions\`.`,
            `${core} Name others in this file.`,
          );
        else refuse([...place, 'function'], `${shown}; ${notAllowed}`, `${core} A guardrail may say the rest.`);
      }
    }
  };
  const checkPart = (part: Readonly<Record<string, unknown>>, path: Path): void => {
    for (const field of ['functions', 'functionsDir']) {
      if (!Object.hasOwn(part, field) || (allowed && path.length === 0)) continue;
      if (allowed) invalid([...path, field], `\`${field}\` stands beside \`overrides\`, not in them.`, 'Move it.');
      else refuse([...path, field], `\`${field}\` names JavaScript; ${notAllowed}`, allowIt);
    }
    checkFormats(part['formats'], [...path, 'formats']);
    for (const [name, alias] of entriesOf(part['aliases'])) {
      const place = [...path, 'aliases', name];
      if (!isMapping(alias)) checkPath(alias, place);
      else
        listOf(alias['targets']).forEach((target, at) => {
          if (!isMapping(target)) return;
          checkPath(target['given'], [...place, 'targets', at, 'given']);
          checkFormats(target['formats'], [...place, 'targets', at, 'formats']);
        });
    }
    for (const [name, rule] of entriesOf(part['rules'])) {
      const place = [...path, 'rules', name];
      if (inherited.has(name)) invalid(place, `A rule cannot be called \`${name}\`.`, 'Give it another name.');
      if (!isMapping(rule)) continue;
      checkPath(rule['given'], [...place, 'given']);
      checkFormats(rule['formats'], [...place, 'formats']);
      checkThen(rule['then'], [...place, 'then']);
      for (const field of ['message', 'description']) {
        const text = rule[field];
        if (typeof text !== 'string' || !text.replaceAll(placeholder, '').includes('#{{')) continue;
        const message = `\`#{{…}}\` is evaluated as an expression, which is not let through.`;
        refuse(
          [...place, field],
          message,
          'Write `{{property}}`, `{{value}}`, `{{error}}`, `{{path}}` or `{{description}}`.',
        );
      }
    }
  };
  checkPart(ruleset, []);
  listOf(ruleset['overrides']).forEach((part, at) => {
    if (isMapping(part)) checkPart(part, ['overrides', at]);
  });
  const { except = {} } = ruleset;
  if (!isMapping(except) || !Object.values(except).every((names) => Array.isArray(names)))
    invalid(['except'], '`except` is not understood.', 'Write lists of rules by file, or `overrides` with `files`.');
  return problems.slice(0, 50);
}

const declaredNames = ({ functions }: Readonly<Record<string, unknown>>): string[] =>
  listOf(functions)
    .map((each) => (Array.isArray(each) ? (each as unknown[])[0] : each))
    .filter((name) => typeof name === 'string');

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const entriesOf = (value: unknown) => (isMapping(value) ? Object.entries(value) : []);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

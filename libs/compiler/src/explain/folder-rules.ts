import type { Location } from '@gitway/contracts';
import { starterGuardrailOf, type Guardrail } from '@gitway/guardrails';
import { locationOf, type RuleSetSpec } from '@gitway/resources';
import type { WorkspaceRules } from '../impact/read-rules.ts';
import type { Level } from '../verdicts/rule-levels.ts';
import type { WorkspaceReader } from '../workspace.ts';
import { opinionsOn, type RuleOpinion } from './opinions.ts';
import { spectralRules, type SpectralSaying } from './spectral-rules.ts';

/** A rule that a folder brings along. */
export interface FolderRule {
  readonly id: string;
  readonly from: 'guardrail' | 'spectral';
  /** As it is where no override with a condition fits. */
  readonly severity: Level;
  /** What it is before any RuleSet changes it. */
  readonly usual: Level;
  readonly changed: readonly RuleOpinion[];
  readonly where: Location;
  readonly message?: string;
  readonly description?: string;
  readonly documentationUrl?: string;
  readonly guardrail?: Pick<Guardrail, 'appliesTo' | 'expression' | 'field' | 'hint'>;
  readonly spectral?: {
    /** Its name in the ruleset. */
    readonly name: string;
    readonly ruleset: string;
    readonly given: readonly string[];
    /** `then` of it, as it is written. */
    readonly checks: unknown;
    /** Where files of the ruleset turn it on, off or up. */
    readonly said: readonly SpectralSaying[];
  };
}

/** The guardrails that RuleSets of a folder write out, and the rules of the Spectral rulesets that they name. */
export async function folderRules({ rules }: WorkspaceRules, reader: WorkspaceReader): Promise<FolderRule[]> {
  const graded = (id: string, usual: Level) => ({
    severity: rules.ruleSets.levels.of(id, usual, {}),
    usual,
    changed: opinionsOn(rules.located, id),
  });
  const guardrails = rules.ruleSets.rules
    .filter(({ id }) => starterGuardrailOf(id) === undefined)
    .map(({ id, severity, message, hint, expression, appliesTo, field }): FolderRule => ({
      id,
      from: 'guardrail',
      ...graded(id, severity),
      where: placeOfGuardrail(rules.located, id),
      message,
      guardrail: {
        appliesTo,
        expression,
        ...(hint === undefined ? {} : { hint }),
        ...(field === undefined ? {} : { field }),
      },
    }));
  const spectral: FolderRule[] = [];
  for (const ruleset of rules.lint.settings.rulesets ?? [])
    for (const rule of await spectralRules(ruleset, reader)) {
      const { id, severity, where, message, description, documentationUrl, ...rest } = rule;
      spectral.push({
        id,
        from: 'spectral',
        ...graded(id, severity),
        where: where ?? rules.lint.places.get(ruleset.path) ?? { file: ruleset.path },
        ...(message === undefined ? {} : { message }),
        ...(description === undefined ? {} : { description }),
        ...(documentationUrl === undefined ? {} : { documentationUrl }),
        spectral: { ...rest, ruleset: ruleset.path },
      });
    }
  return [...guardrails, ...spectral];
}

function placeOfGuardrail(located: WorkspaceRules['rules']['located'], id: string): Location {
  for (const { resource } of located) {
    const { guardrails = [] } = resource.value.spec as RuleSetSpec;
    const number = guardrails.findIndex((entry) => entry.id === id);
    if (number >= 0) return locationOf(resource, ['spec', 'guardrails', number]);
  }
  return {};
}

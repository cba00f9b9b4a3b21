import { liveRules, rulePage, rules } from '@gitway/compiler';

/** What `gitway explain` tells of one rule. */
export interface Explanation {
  readonly id: string;
  readonly severity: string;
  /** Who finds it: the compiler, a guardrail, a Spectral ruleset, or the comparison with what is live. */
  readonly from: 'compiler' | 'guardrail' | 'spectral' | 'breaking-change';
  /** One sentence. */
  readonly summary: string;
  /** Markdown. */
  page(): string;
  /** For programs. */
  readonly rule: object;
}

const withoutComments = (page: string) => `${page.replaceAll(/<!--.*?-->\n*/g, '').trim()}\n`;

/** Every rule that a finding can name, but for the guardrails that users write. Loads the other engines when asked. */
export async function allExplanations(): Promise<Explanation[]> {
  const { guardrailPage, starterRules } = await import('@gitway/guardrails');
  return [
    ...rules.map((rule): Explanation => ({
      id: rule.id,
      severity: rule.severity,
      from: 'compiler',
      summary: rule.summary,
      page: () => withoutComments(rulePage(rule)),
      rule,
    })),
    ...starterRules.map((rule): Explanation => ({
      id: rule.id,
      severity: rule.severity,
      from: 'guardrail',
      summary: rule.rationale,
      page: () => withoutComments(guardrailPage(rule)),
      rule,
    })),
    ...liveRules.map((rule): Explanation => ({
      id: rule.id,
      severity: rule.severity,
      from: 'breaking-change',
      summary: rule.summary,
      page: () => withoutComments(rulePage(rule)),
      rule,
    })),
  ];
}

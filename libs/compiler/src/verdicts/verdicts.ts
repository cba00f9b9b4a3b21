import type { Finding, SuppressedFinding } from '@gitway/contracts';
import type { RuleLevels, RuleScope } from './rule-levels.ts';
import { Suppressions, type DocumentFinding, type DocumentIgnores } from './suppressions.ts';

export interface JudgedFindings {
  /** Those that count, as grave as they are here. */
  readonly findings: Finding[];
  readonly suppressed: SuppressedFinding[];
  /** What RuleSets on trial would have refused. */
  readonly trials: readonly TrialHit[];
}

export interface TrialHit {
  readonly rule: string;
  /** As in `Api/petstore`. */
  readonly object: string;
  readonly message: string;
}

export interface Subject extends RuleScope {
  /** As in `Api/petstore`: whose document the findings are about; they need not name an object themselves. */
  readonly object?: string;
  readonly document?: DocumentIgnores;
}

/** Everything that stands between what was found and what counts. Findings themselves never depend on it. */
export class Verdicts {
  readonly levels: RuleLevels;
  readonly suppressions: Suppressions;

  constructor(levels: RuleLevels, suppressions: Suppressions) {
    this.levels = levels;
    this.suppressions = suppressions;
  }

  /** Equal ids judge alike. */
  get id(): unknown {
    return this.levels.id;
  }

  /** `scopeOf` says more of a single finding, as in which API it is about. */
  judge(
    found: Iterable<DocumentFinding>,
    subject: Subject,
    scopeOf: (finding: Finding) => RuleScope = () => subject,
  ): JudgedFindings {
    const findings: Finding[] = [];
    const suppressed: SuppressedFinding[] = [];
    const trials: TrialHit[] = [];
    for (const each of found) {
      const scope = scopeOf(each);
      const graded = this.levels.grade(each, scope);
      if (graded?.severity !== 'error') trials.push(...this.#trialOf(each, scope, subject));
      if (graded === undefined) continue;
      const entry = this.suppressions.coveringOf(graded, subject.object, subject.document);
      if (entry !== undefined) suppressed.push(Suppressions.asSuppressed(graded, entry));
      else if (graded.ignoredBy === undefined && graded.onTrial === undefined) findings.push(graded);
      else {
        const { ignoredBy: _ignored, onTrial: _trial, ...plain } = graded;
        findings.push(plain);
      }
    }
    return { findings, suppressed, trials };
  }

  #trialOf(found: DocumentFinding, { environment, api }: RuleScope, { object, document }: Subject): TrialHit[] {
    const { rule, message } = found;
    const about = object ?? found.where.object;
    if (about === undefined || this.levels.onTrial(rule, { environment, api }, found.onTrial) !== 'error') return [];
    if (this.suppressions.coveringOf(found, object, document) !== undefined) return [];
    return [{ rule, object: about, message }];
  }
}

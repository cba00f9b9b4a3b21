import type { ApiUnit, Finding, Severity } from '@gitway/contracts';
import { speaksOfSecret } from '../secrets/secret-findings.ts';
import { isFixed, type RuleScope } from './rule-levels.ts';
import type { DocumentFinding } from './suppressions.ts';
import { Verdicts, type JudgedFindings, type Subject } from './verdicts.ts';

/** Found only because a RuleSet asks for it, which also says how grave it is. */
const askedFor: ReadonlySet<string> = new Set(['missing-policy', 'private-upstream']);

/** Something that was found and that RuleSets may make more or less of. */
export interface Heard {
  readonly rule: string;
  readonly message: string;
  /** As in `Api/petstore`. */
  readonly object: string;
  /** How grave it is where no RuleSet says otherwise. */
  readonly severity: Severity;
  /** How grave it would be were it not for the trial of what asks for it. */
  readonly onTrial?: Severity | undefined;
  /** Undefined where it is of every environment. */
  readonly environment: string | undefined;
  readonly api: Pick<ApiUnit, 'lifecycle' | 'visibility'> | undefined;
}

/**
 * Judges nothing that is a matter of judgement: it is written down, and the compile goes on as if nothing had been found.
 * What is passed over is passed over here as well.
 */
export class Hearing extends Verdicts {
  readonly heard: Heard[] = [];

  override get id(): unknown {
    return this;
  }

  override judge(
    found: Iterable<DocumentFinding>,
    subject: Subject,
    scopeOf: (finding: Finding) => RuleScope = () => subject,
  ): JudgedFindings {
    const findings: Finding[] = [];
    for (const each of found) {
      if (isFixed(each.rule) && !askedFor.has(each.rule)) findings.push(each);
      else {
        if (speaksOfSecret(each)) findings.push({ ...each, severity: 'info' });
        this.#hear(each, subject, scopeOf(each));
      }
    }
    return { findings, suppressed: [], trials: [] };
  }

  #hear(found: DocumentFinding, subject: Subject, { environment, api }: RuleScope): void {
    const { rule, message, severity, onTrial, where } = found;
    const object = subject.object ?? where.object;
    if (object === undefined) return;
    if (this.suppressions.coveringOf(found, subject.object, subject.document) !== undefined) return;
    this.heard.push({ rule, message, object, severity, onTrial, environment, api });
  }
}

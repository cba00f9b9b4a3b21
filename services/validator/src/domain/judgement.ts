import {
  type CommitView,
  type DataOf,
  type Finding,
  type commitDetected,
  type commitRejected,
  type commitValidated,
  diffSnapshots,
  type Report,
  type Snapshot,
} from '@gitway/contracts';
import type { CompileResult } from '@gitway/compiler';

export type Detected = DataOf<typeof commitDetected>;

/** Findings beyond these are counted and not kept. */
const KEPT_FINDINGS = 5_000;
const TOLD_FINDINGS = 50;
const TOLD_CHANGES = 500;

/** `main` of `refs/heads/main`; what is no branch is followed by nobody under its full name. */
export const branchOf = (ref: string) => ref.replace(/^refs\/heads\//, '');

/** Digest of the plan of each environment for which one could be made. */
export type PlanDigests = ReadonlyMap<string, string>;

export function reportOf(detected: Detected, result: CompileResult, plans: PlanDigests = new Map()): Report {
  const findings = result.findings.slice(0, KEPT_FINDINGS);
  const several = result.environments.length > 1;
  const positions = new Map(several ? findings.map((found, position) => [keyOf(found), position]) : []);
  return {
    source: detected.source,
    commit: detected.commit,
    environments: result.environments.map(({ name, digest, counts, findings: own }) => ({
      name,
      snapshot: digest,
      counts,
      ...planOf(name, plans),
      ...(several ? { findings: own.flatMap((found) => positions.get(keyOf(found)) ?? []) } : {}),
    })),
    findings,
    ...(result.suppressed.length === 0 ? {} : { suppressed: result.suppressed.slice(0, KEPT_FINDINGS) }),
    counts: result.counts,
  };
}

/** The same finding about several environments is one. */
const keyOf = ({ rule, severity, message, where: { file, object, field, range } }: Finding) =>
  [rule, severity, file, object, field, range?.line, range?.column, message].join('\0');

const planOf = (name: string, plans: PlanDigests) => {
  const plan = plans.get(name);
  return plan === undefined ? {} : { plan };
};

export function outcomesOf(result: CompileResult, plans: PlanDigests = new Map()): CommitView['environments'] {
  return result.environments.map(({ name, digest }) => ({
    name,
    outcome: digest === null ? 'rejected' : 'validated',
    snapshot: digest,
    ...planOf(name, plans),
  }));
}

/** What the validator states about a commit: one fact per environment that it compiles for, one for all that it does not. */
export interface Judgement {
  readonly validated: readonly {
    readonly environment: string;
    readonly snapshot: string;
    readonly data: DataOf<typeof commitValidated>;
  }[];
  readonly rejected: DataOf<typeof commitRejected> | null;
}

/** @param before the snapshot that was validated before for each environment */
export function judge(
  detected: Detected,
  result: CompileResult,
  report: string,
  before: ReadonlyMap<string, Snapshot>,
  validatedAt: string,
): Judgement {
  const { source, repository, ref, commit, author, message, writtenFor } = detected;
  const times = { ...detected.times, validatedAt };
  const validated = result.environments.flatMap(({ name, snapshot, digest, counts }) => {
    if (snapshot === null || digest === null) return [];
    const units = diffSnapshots(before.get(name) ?? null, snapshot);
    const changes = { total: units.length, units: units.slice(0, TOLD_CHANGES) };
    const data = {
      environment: name,
      source,
      ref,
      commit,
      repository,
      author,
      message,
      writtenFor,
      snapshot: digest,
      report,
      counts,
      changes,
      times,
    };
    return [{ environment: name, snapshot: digest, data }];
  });
  const refused = result.environments.filter(({ snapshot }) => snapshot === null);
  if (validated.length > 0 && refused.length === 0) return { validated, rejected: null };
  const rejected = {
    source,
    repository,
    ref,
    commit,
    author,
    message,
    environments: refused.map(({ name }) => name),
    report,
    counts: result.counts,
    findings: told(result.findings),
    times,
  };
  return { validated, rejected };
}

/** The first of the findings, short enough that the fact fits in a message whatever a file holds. */
function told(findings: readonly Finding[]): Finding[] {
  return findings.slice(0, TOLD_FINDINGS).map((finding) => ({
    ...finding,
    message: finding.message.slice(0, 2_000),
    ...(finding.hint === undefined ? {} : { hint: finding.hint.slice(0, 2_000) }),
    where: {
      ...finding.where,
      ...(finding.where.field === undefined ? {} : { field: finding.where.field.slice(0, 500) }),
    },
    ...(finding.related === undefined ? {} : { related: finding.related.slice(0, 5) }),
  }));
}

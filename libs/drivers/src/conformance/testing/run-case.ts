import type { SnapshotUnit } from '../../driver.ts';
import { filled } from '../build.ts';
import type { CallStep, ConformanceCase, Expected, Snapshot, Step, UpstreamName } from '../case.ts';
import { answeredBy, differences, type Outcome, shareDifferences } from './expectations.ts';
import { Progress, runCall, type Running } from './run-call.ts';

export interface CaseRun extends Running {
  /** What the gateway is given for another snapshot of the case. */
  units(snapshot: Snapshot): readonly SnapshotUnit[];
  /** How long what must come about may take. */
  readonly patienceMs: number;
}

/** What differed, step by step; a case ends with the first step that fails. */
export async function runCase(given: ConformanceCase, run: CaseRun): Promise<string[]> {
  for (const [index, step] of given.steps.entries()) {
    let problems: string[];
    try {
      problems = await runStep(step, run);
    } catch (error) {
      problems = [error instanceof Error ? error.message : String(error)];
    }
    if (problems.length > 0) return problems.map((problem) => `step ${index + 1}: ${problem}`);
  }
  return [];
}

async function runStep(step: Step, run: CaseRun): Promise<string[]> {
  if ('apply' in step) {
    await run.gateway.apply(run.units(step.apply));
    return [];
  }
  if ('settled' in step) {
    await run.gateway.settled();
    return [];
  }
  if ('health' in step) {
    const { id } = run.around;
    for (const [name, status] of Object.entries(step.health)) run.upstreams.setHealth(id, name as UpstreamName, status);
    return [];
  }
  const deadline = performance.now() + run.patienceMs;
  for (;;) {
    const problems = judged(step, await outcomesOf(step, run), run);
    if (step.until !== true || problems.length === 0 || performance.now() >= deadline) return problems;
  }
}

async function outcomesOf(step: CallStep, run: CaseRun): Promise<Outcome[]> {
  const times = step.times ?? step.sequence?.length ?? 1;
  const progress = new Progress();
  const { during } = step;
  if (during !== undefined) {
    let arrived = () => {};
    const there = new Promise<void>((resolve) => (arrived = resolve));
    const call = runCall(step, run, progress, 0, arrived);
    await Promise.race([there, call]);
    await run.gateway.apply(run.units(during));
    progress.wasApplied();
    return [await call];
  }
  const outcomes: Outcome[] = [];
  let left = times;
  const caller = async () => {
    while (left-- > 0) outcomes.push(await runCall(step, run, progress, times - 1 - left));
  };
  await Promise.all(Array.from({ length: step.atOnce ?? 1 }, caller));
  return outcomes;
}

function judged(step: CallStep, outcomes: readonly Outcome[], { around }: CaseRun): string[] {
  const { sequence, counts, shares, oneUpstream } = step;
  const expected: Expected =
    typeof step.expect === 'number' ? { status: step.expect } : filled(step.expect ?? {}, around);
  const statuses = outcomes.map(({ answer, failure }) => answer?.status ?? failure ?? '');
  const problems = outcomes.flatMap((outcome, index) =>
    differences(outcome, expected).map((problem) => (outcomes.length > 1 ? `call ${index + 1}: ${problem}` : problem)),
  );
  if (sequence !== undefined && statuses.join() !== sequence.join()) {
    problems.push(`statuses are ${statuses.join()}, not ${sequence.join()}`);
  }
  for (const [status, count] of Object.entries(counts ?? {})) {
    const found = statuses.filter((other) => String(other) === status).length;
    if (found !== count) problems.push(`${found} of the answers have ${status}, not ${count} (${tally(statuses)})`);
  }
  if (oneUpstream === true) {
    const names = new Set(outcomes.map(answeredBy));
    if (names.size !== 1) problems.push(`answers come from ${[...names].join()}, not from one upstream`);
  }
  return [...problems.slice(0, 5), ...(shares === undefined ? [] : shareDifferences(outcomes, shares))];
}

function tally(values: readonly (string | number)[]): string {
  const counts = new Map<string | number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].map(([value, count]) => `${value}: ${count}`).join(', ');
}

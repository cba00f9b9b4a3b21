import type { EnvironmentState } from './state.ts';

/** The earliest instant at which time alone changes something. What is overdue waits for a report, and for the sweep. */
export function wakeAtOf(state: EnvironmentState, now: number): number | null {
  const due: (number | null)[] = [state.retry?.dueAt ?? null];
  for (const { phase } of state.deployments) {
    if (phase.kind === 'applying') due.push(phase.deadlineAt);
    if (phase.kind === 'waiting') due.push(phase.dueAt);
  }
  for (const gateway of Object.values(state.gateways)) due.push(gateway.drift?.nextHealAt ?? null);
  const ahead = due.filter((at): at is number => at !== null && at > now);
  return ahead.length === 0 ? null : Math.min(...ahead);
}

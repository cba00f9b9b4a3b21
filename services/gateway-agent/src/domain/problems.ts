import type { Problem } from '@gitway/contracts';
import type { DriverProblem, Rendered } from '@gitway/drivers';

export const MAX_PROBLEMS = 50;

/** What a driver or a gateway complains of, as it is reported. */
export const ofDriver = (problems: readonly DriverProblem[]): Problem[] =>
  problems.slice(0, MAX_PROBLEMS).map(({ unit, message }) => ({ unit, message }));

/**
 * `haproxy -c` names lines of the file, or servers by `backend/server`; both lead to the unit they were made from.
 * Its summary lines ("Error(s) found", "Fatal errors") are left out when a reason is there.
 */
export function ofConfigurationCheck(output: string, rendered: Rendered): Problem[] {
  const alerts = output.split('\n').filter((line) => line.startsWith('[ALERT]'));
  const reasons = alerts.filter((line) => !/Error\(s\) found|Fatal errors found/.test(line));
  const problems = (reasons.length > 0 ? reasons : alerts).slice(0, MAX_PROBLEMS).map((line) => {
    const number = /\[[^\]\s]*:(\d+)\]/.exec(line)?.[1];
    const backend = /'(?:server )?([a-z0-9-]+)\.[a-z0-9-]+(?:\/|')/.exec(line)?.[1];
    const unit =
      number !== undefined ? rendered.unitAtLine(Number(number)) : backend !== undefined ? `api ${backend}` : null;
    const message = line.replace(/^\[ALERT\]\s+\(\d+\)\s+:\s+/, '').replaceAll(/\[[^\]\s]*:(\d+)\]/g, '[line $1]');
    return { unit, message: `HAProxy refuses the configuration: ${message}`.slice(0, 500) };
  });
  if (problems.length > 0) return problems;
  return [
    { unit: null, message: `HAProxy refuses the configuration: ${output.trim().slice(-400) || 'it gave no reason'}` },
  ];
}

import { programs, type Progress } from '@gitway/servers';
import type { Reporter } from './reporter.ts';

/**
 * Tells of the search for servers what a person waits for or wonders at: what is fetched, and why it has to be. Where a
 * program was not is told only then; a server that is found tells its version and place.
 */
export function searchProgress(reporter: Reporter): (progress: Progress) => void {
  const untold: string[] = [];
  return ({ server, step, message }) => {
    if (step === 'search' || step === 'start' || step === 'ready') return;
    if (step === 'skip') {
      untold.push(`${programs[server].title} is not here: ${message}`);
      return;
    }
    const missing = untold.splice(0);
    if (step !== 'found') for (const line of missing) reporter.step(line);
    reporter.step(message);
  };
}

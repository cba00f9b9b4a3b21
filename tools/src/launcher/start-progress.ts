import type { Reporter } from './reporter.ts';

const TELL_EVERY_MS = 3_000;
const NAMES_SHOWN = 4;

/** Says every few seconds which processes a start still waits for. @returns what ends it */
export function tellProgress(
  reporter: Reporter,
  processes: () => readonly { readonly name: string; readonly state: string }[],
  everyMs = TELL_EVERY_MS,
): () => void {
  const timer = setInterval(() => {
    const all = processes();
    const waited = all.filter(({ state }) => state !== 'ready').map(({ name }) => name);
    if (waited.length > 0)
      reporter.step(`${all.length - waited.length} of ${all.length} ready; waiting for ${named(waited)}`);
  }, everyMs);
  return () => clearInterval(timer);
}

function named(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN;
  return more > 1 ? `${names.slice(0, NAMES_SHOWN).join(', ')} and ${more} more` : names.join(', ');
}

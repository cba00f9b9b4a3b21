/** What a person sees while they wait. */
export interface Reporter {
  /** One line on what is being done or has been done. */
  step(text: string): void;
}

export const silent: Reporter = { step: () => {} };

/** Lines with the seconds since the start in front, to standard error. */
export function terminalReporter(write: (line: string) => void = (line) => process.stderr.write(line)): Reporter {
  const startedAt = Date.now();
  return {
    step: (text) => write(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}\n`),
  };
}

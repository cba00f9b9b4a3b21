/** One key press may arrive twice: from the terminal and from npm, which passes it on. */
const SAME_PRESS_MS = 400;

export interface Interrupt {
  /** Resolves at the first SIGINT, SIGTERM or SIGHUP. */
  readonly first: Promise<void>;
  readonly second: Promise<void>;
  dispose(): void;
}

export function onInterrupt(now: () => number = Date.now): Interrupt {
  let resolveFirst: () => void = () => {};
  let resolveSecond: () => void = () => {};
  const first = new Promise<void>((resolve) => (resolveFirst = resolve));
  const second = new Promise<void>((resolve) => (resolveSecond = resolve));
  let firstAt: number | null = null;
  const listener = () => {
    if (firstAt === null) {
      firstAt = now();
      resolveFirst();
    } else if (now() - firstAt > SAME_PRESS_MS) resolveSecond();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, listener);
  return {
    first,
    second,
    dispose: () => {
      for (const signal of signals) process.removeListener(signal, listener);
    },
  };
}

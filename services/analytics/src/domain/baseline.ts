/** The revision that a deployment is compared with, and the one to carry on should nobody get to judge it. */
export interface Baseline {
  /** Null: nothing was there before. */
  readonly baseline: string | null;
  /** When it ended. */
  readonly baselineUntil: Date;
  /** The last revision that had its whole window, whatever was passed through since. */
  readonly trusted: string | null;
  readonly trustedUntil: Date;
}

/** A deployment under observation, as far as the next one's baseline goes. */
export type Observed = Baseline & { readonly snapshot: string };

export interface Begun {
  readonly snapshot: string;
  readonly previous: string | null;
  readonly beganAt: Date;
}

/**
 * A revision that was superseded before its window was over was never judged, so it is no measure for the next one:
 * the next contains what it brought. Its own baseline is carried on. `superseded`: what was still observed.
 */
export function baselineOf({ snapshot, previous, beganAt }: Begun, superseded: Observed | null): Baseline {
  const before = { baseline: previous, baselineUntil: beganAt };
  const isPassedThrough = superseded !== null && superseded.snapshot === previous && superseded.trusted !== null;
  if (!isPassedThrough) return { ...before, trusted: previous, trustedUntil: beganAt };
  const { trusted, trustedUntil } = superseded;
  // The trusted content itself comes back: it cannot be compared with itself.
  if (trusted === snapshot) return { ...before, trusted, trustedUntil };
  return { baseline: trusted, baselineUntil: trustedUntil, trusted, trustedUntil };
}

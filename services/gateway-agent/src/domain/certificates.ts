import type { Problem } from '@gitway/contracts';
import type { Rendered } from '@gitway/drivers';

/** Certificates that nobody would believe today. One that is shown already keeps no other change from being made. */
export function certificateProblems(
  { expected }: Pick<Rendered, 'expected'>,
  current: Pick<Rendered, 'expected'>,
  now: Date,
): Problem[] {
  const shown = new Set(current.expected.certificates.map(({ fingerprint }) => fingerprint));
  return expected.certificates.flatMap(({ label, fingerprint, notBefore, notAfter }) => {
    if (shown.has(fingerprint) || (notBefore <= now.getTime() && now.getTime() <= notAfter)) return [];
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
    const what = now.getTime() > notAfter ? `expired on ${day(notAfter)}` : `is not valid before ${day(notBefore)}`;
    return [{ unit: null, message: `${label} ${what}; put one that is valid today in its place` }];
  });
}

import { distance } from 'fastest-levenshtein';

/** The candidate that somebody who wrote `given` most likely meant; undefined when none is near. */
export function suggest(given: string, candidates: Iterable<string>): string | undefined {
  const wanted = fold(given.slice(0, 200));
  if (wanted === '') return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 0.5;
  let seen = 0;
  for (const candidate of candidates) {
    if (++seen > 5_000) break;
    const folded = fold(candidate);
    if (Math.abs(folded.length - wanted.length) > bestDistance) continue;
    const apart = steps(wanted, folded);
    if (apart < bestDistance || (apart === bestDistance && best !== undefined && candidate < best)) {
      best = candidate;
      bestDistance = apart;
    }
  }
  return best;
}

/** `did you mean "x"?`, or what there is to choose from when that is little; undefined when nothing helps. */
export function suggestionHint(given: string, candidates: Iterable<string>, what: string): string | undefined {
  const known = [...candidates].sort();
  const near = suggest(given, known);
  if (near !== undefined) return `Did you mean \`${near}\`?`;
  if (known.length === 0 || known.length > 20) return undefined;
  return `${what}: ${known.map((name) => `\`${name}\``).join(', ')}.`;
}

/** Edits from one to the other; two letters that changed places are one. */
function steps(a: string, b: string): number {
  const apart = distance(a, b);
  return apart === 2 && a.length === b.length && lettersOf(a) === lettersOf(b) ? 1 : apart;
}

const lettersOf = (text: string) => Array.from(text).sort().join('');
const fold = (text: string) => text.toLowerCase().replaceAll(/[-_ ]/g, '');

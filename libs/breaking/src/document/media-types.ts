import { objectMember } from './json.ts';
import type { Located } from './resolver.ts';

export function mediaTypesOf(holder: Located): string[] {
  return Object.keys(objectMember(holder.value, 'content') ?? {}).sort();
}

/** The name without parameters, in lower case. */
export function essence(type: string): string {
  return (type.split(';')[0] ?? '').trim().toLowerCase();
}

/** Whether values keep their type on the wire: in JSON they do, in a form everything is text. */
export function isTyped(type: string): boolean {
  return /(?:\/|\+)json$/.test(essence(type));
}

/** `json` of `application/problem+json`, with what stands before it. */
function structured(type: string): { whole: string; general: string } {
  const whole = essence(type);
  return { whole, general: whole.replace(/\/[^+/]*\+/, '/') };
}

export interface MatchedMediaTypes {
  readonly pairs: readonly { readonly base: string; readonly revision: string }[];
  readonly removed: readonly string[];
  /** Pairs where a type such as `application/problem+json` became the general `application/json`. */
  readonly generalized: readonly { readonly base: string; readonly revision: string }[];
}

/** Pairs media types by name, then without their parameters, then by their structured suffix. */
export function matchMediaTypes(base: readonly string[], revision: readonly string[]): MatchedMediaTypes {
  const left = [...base];
  const right = [...revision];
  const pairs: { base: string; revision: string }[] = [];
  const matchBy = (same: (one: string, other: string) => boolean) => {
    for (let at = 0; at < left.length;) {
      const one = left[at] as string;
      const other = right.findIndex((name) => same(one, name));
      if (other < 0) at++;
      else {
        pairs.push({ base: one, revision: right[other] as string });
        left.splice(at, 1);
        right.splice(other, 1);
      }
    }
  };
  matchBy((one, other) => one === other);
  matchBy((one, other) => essence(one) === essence(other));
  matchBy((one, other) => {
    const [a, b] = [structured(one), structured(other)];
    return a.general === b.whole || a.whole === b.general;
  });
  return {
    pairs,
    removed: left,
    generalized: pairs.filter(
      ({ base: one, revision: other }) => essence(one) !== essence(other) && structured(one).general === essence(other),
    ),
  };
}

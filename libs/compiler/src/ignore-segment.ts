/** One step of a pattern: `*`, or one character of a kind. */
type Step = { readonly any: true } | { readonly any: false; readonly takes: (character: string) => boolean };
export type Segment = readonly Step[];

const classes: Readonly<Record<string, RegExp>> = {
  alnum: /[a-z0-9]/i,
  alpha: /[a-z]/i,
  blank: /[ \t]/,
  // eslint-disable-next-line no-control-regex
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9a-f]/i,
};

/**
 * A pattern between two "/", as in `[a-c]*.y?ml`.
 *
 * @returns undefined where it can match nothing: a `[` without its end, a `\` with nothing behind it
 */
export function readSegment(text: string): Segment | undefined {
  const characters = Array.from(text);
  const steps: Step[] = [];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at]!;
    if (character === '*') {
      if (steps.at(-1)?.any !== true) steps.push({ any: true });
    } else if (character === '?') {
      steps.push({ any: false, takes: () => true });
    } else if (character === '[') {
      const set = readSet(characters, at + 1);
      if (set === undefined) return undefined;
      steps.push({ any: false, takes: set.takes });
      at = set.end;
    } else {
      const literal = character === '\\' ? characters[++at] : character;
      if (literal === undefined) return undefined;
      steps.push({ any: false, takes: (each) => each === literal });
    }
  }
  return steps;
}

/** @param start behind the `[` @returns `end`: the place of its `]` */
function readSet(
  characters: readonly string[],
  start: number,
): { takes: (character: string) => boolean; end: number } | undefined {
  const negated = characters[start] === '!' || characters[start] === '^';
  const first = negated ? start + 1 : start;
  const members: ((character: string) => boolean)[] = [];
  const literalAt = (at: number) => (characters[at] === '\\' ? at + 1 : at);
  for (let at = first; at < characters.length; at++) {
    if (characters[at] === ']' && at > first) {
      const takes = (character: string) => members.some((member) => member(character)) !== negated;
      return { takes, end: at };
    }
    if (characters[at] === '[' && characters[at + 1] === ':') {
      const end = characters.indexOf(']', at + 2);
      if (end < 0) return undefined;
      if (characters[end - 1] === ':' && end - 1 > at + 1) {
        const named = classes[characters.slice(at + 2, end - 1).join('')];
        if (named === undefined) return undefined;
        members.push((character) => named.test(character));
        at = end;
        continue;
      }
    }
    const from = characters[literalAt(at)];
    if (from === undefined) return undefined;
    at = literalAt(at);
    // Also where a range is the wrong way round.
    members.push((character) => character === from);
    if (characters[at + 1] === '-' && characters[at + 2] !== undefined && characters[at + 2] !== ']') {
      const to = characters[literalAt(at + 2)];
      if (to === undefined) return undefined;
      at = literalAt(at + 2);
      const [low, high] = [from.codePointAt(0)!, to.codePointAt(0)!];
      members.push((character) => character.codePointAt(0)! >= low && character.codePointAt(0)! <= high);
    }
  }
  return undefined;
}

/** On a mismatch only the last `*` grows, so the time is at most the product of the lengths. */
export function matchesSegment(pattern: Segment, text: string): boolean {
  const characters = Array.from(text);
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < characters.length;) {
    const step = pattern[at];
    if (step?.any === true) {
      star = at++;
      resume = index;
    } else if (step?.takes(characters[index]!) === true) {
      at++;
      index++;
    } else if (star !== -1) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  while (pattern[at]?.any === true) at++;
  return at === pattern.length;
}

import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import { isInexact, otherReading } from './ambiguous-scalar.ts';
import type { ReadingLimits } from './limits.ts';
import { keyText, rangeOfOffsets, type Ambiguity, type ReadingProblem } from './yaml-problem.ts';

interface Anchored {
  value: unknown;
  nodes: number;
  open: boolean;
}

/** Turns nodes into plain values, and refuses what two readers could read in two ways. */
export class ValueReader {
  readonly problems: ReadingProblem[] = [];
  /** Values that other readers would take for something else. They are read as YAML 1.2 says. */
  readonly ambiguities: Ambiguity[] = [];
  readonly #path: (string | number)[] = [];
  readonly #limits: ReadingLimits;
  readonly #lines: LineCounter;
  /** What an alias would stand for; without a value while it is being read. */
  readonly #anchors = new Map<string, Anchored>();
  #nodes = 0;
  #aliases = 0;

  constructor(limits: ReadingLimits, lines: LineCounter) {
    this.#limits = limits;
    this.#lines = lines;
  }

  read(node: unknown, depth: number): unknown {
    if (this.problems.length >= 20) return undefined;
    if (isAlias(node)) return this.#readAlias(node.source, node);
    const anchor = (isScalar(node) || isMap(node) || isSeq(node)) && node.anchor ? node.anchor : undefined;
    const anchored: Anchored = { value: undefined, nodes: 0, open: true };
    if (anchor !== undefined) this.#anchors.set(anchor, anchored);
    const before = this.#nodes;
    this.#nodes++;
    if (this.#nodes > this.#limits.maxNodes || depth > this.#limits.maxDepth) {
      this.#report(node as Node, 'document-too-complex', 'The document is too large or too deep when it is read.');
      return undefined;
    }
    const value = isMap(node)
      ? this.#readMap(node, depth)
      : isSeq(node)
        ? this.#readSeq(node.items, depth)
        : this.#readScalar(node);
    // An anchor of the same name further in has taken its place meanwhile, and keeps it.
    Object.assign(anchored, { value, nodes: this.#nodes - before, open: false });
    return value;
  }

  #readScalar(node: unknown): unknown {
    if (!isScalar(node)) return null;
    const { value, source = '' } = node;
    if (typeof value === 'string' && loneSurrogate.test(value)) {
      this.#report(node, 'yaml-unsupported', 'Half of a surrogate pair is no character.', 'Write the whole pair.');
      return undefined;
    }
    if (typeof value === 'object' && value !== null) {
      this.#report(node, 'yaml-unsupported', 'Values of this tag cannot be written in JSON.', 'Write them as text.');
      return undefined;
    }
    if (typeof value === 'number' && !Number.isFinite(value) && /[0-9]/.test(source)) {
      this.#report(node, 'yaml-ambiguous', 'No reader can hold a number of this size.', 'Put it in quotes.');
      return undefined;
    }
    if (node.type !== 'PLAIN') return value;
    const reading =
      typeof value === 'number' && isInexact(value, source)
        ? 'a number that cannot be held exactly'
        : otherReading(source);
    if (reading !== undefined && this.ambiguities.length < 20) {
      const message = `\`${shorten(source)}\` is ${reading}.`;
      const problem = this.#problem(node, 'yaml-ambiguous', message, hintFor(source));
      this.ambiguities.push({ ...problem, path: [...this.#path], value });
    }
    return value;
  }

  #readAlias(name: string, node: Node): unknown {
    const target = this.#anchors.get(name);
    if (target === undefined || target.open) {
      this.#report(node, 'yaml-unsupported', `The alias *${name} stands inside or before what it names.`);
      return undefined;
    }
    this.#aliases++;
    this.#nodes += target.nodes;
    if (this.#aliases > this.#limits.maxAliases || this.#nodes > this.#limits.maxNodes) {
      this.#report(node, 'document-too-complex', 'Aliases make this document too large.', 'Write the values out.');
      this.problems.length = Math.min(this.problems.length, 20);
      return undefined;
    }
    return target.value;
  }

  #readSeq(items: readonly unknown[], depth: number): unknown[] {
    const values: unknown[] = [];
    for (const item of items) {
      if (this.problems.length >= 20) break;
      values.push(this.#readMember(values.length, item, depth));
    }
    return values;
  }

  #readMap(map: { items: readonly { key: unknown; value: unknown }[] }, depth: number): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    const seen = new Set<string>();
    for (const pair of map.items) {
      if (this.problems.length >= 20) break;
      const key = this.#readKey(pair.key, depth);
      if (key === undefined) continue;
      if (seen.has(key)) {
        this.#report(
          pair.key as Node,
          'duplicate-key',
          `\`${shorten(key)}\` is here twice; only one of them could count.`,
          'Delete one of them.',
        );
        continue;
      }
      seen.add(key);
      value[key] = this.#readMember(key, pair.value, depth);
    }
    return value;
  }

  #readMember(step: string | number, node: unknown, depth: number): unknown {
    this.#path.push(step);
    const value = this.read(node, depth + 1);
    this.#path.pop();
    return value;
  }

  #readKey(node: unknown, depth: number): string | undefined {
    if (isMap(node) || isSeq(node)) {
      this.#report(node, 'yaml-unsupported', 'A key must be a plain word, not a list or a mapping.');
      return undefined;
    }
    const scalar = this.read(node, depth + 1);
    if (isScalar(node) && node.type === 'PLAIN' && typeof scalar !== 'string' && String(scalar) !== node.source) {
      const message =
        node.source === '' ? 'A key is missing.' : `The key \`${shorten(node.source ?? '')}\` is no text.`;
      this.#report(node, 'yaml-ambiguous', message, 'Put the key in quotes.');
      return undefined;
    }
    if (typeof scalar === 'object' && scalar !== null) {
      this.#report(node as Node, 'yaml-unsupported', 'A key must be a plain word, not a list or a mapping.');
      return undefined;
    }
    const key = isScalar(node) ? keyText(node) : keyText({ value: scalar });
    if (key === '<<' && isScalar(node) && node.type === 'PLAIN') {
      this.#report(node, 'yaml-unsupported', 'Merge keys (`<<`) are not part of YAML 1.2.', 'Write the fields out.');
      return undefined;
    }
    if (key === '__proto__') {
      this.#report(node as Node, 'yaml-unsupported', '`__proto__` may not be a key.', 'Choose another name.');
      return undefined;
    }
    return key;
  }

  #report(node: Node, rule: ReadingProblem['rule'], message: string, hint?: string): void {
    if (this.problems.length < 20) this.problems.push(this.#problem(node, rule, message, hint));
  }

  #problem(node: Node, rule: ReadingProblem['rule'], message: string, hint?: string): ReadingProblem {
    const [start, end] = node?.range ?? [0, 0];
    const range = rangeOfOffsets(this.#lines, start, isMap(node) || isSeq(node) ? start : end);
    return { rule, message, range, ...(hint === undefined ? {} : { hint }) };
  }
}

const loneSurrogate = /\p{Surrogate}/u;
const hintFor = (source: string) =>
  /^(?:y|n|yes|no|on|off)$/i.test(source)
    ? `Write true or false, or put it in quotes: "${source}".`
    : `Write it in plain decimal digits, or put it in quotes: "${shorten(source)}".`;
const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

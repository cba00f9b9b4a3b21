import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { ReadingLimits } from './limits.ts';
import { keyText, rangeOfOffsets, type ReadingProblem } from './yaml-problem.ts';

/** Turns nodes into plain values, and refuses what two readers could read in two ways. */
export class ValueReader {
  readonly problems: ReadingProblem[] = [];
  readonly #limits: ReadingLimits;
  readonly #lines: LineCounter;
  readonly #anchors = new Map<string, { value: unknown; nodes: number } | 'open'>();
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
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
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
        : scalarOf(node);
    if (anchor !== undefined) this.#anchors.set(anchor, { value, nodes: this.#nodes - before });
    return value;
  }

  #readAlias(name: string, node: Node): unknown {
    const target = this.#anchors.get(name);
    if (target === undefined || target === 'open') {
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
      values.push(this.read(item, depth + 1));
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
      value[key] = this.read(pair.value, depth + 1);
    }
    return value;
  }

  #readKey(node: unknown, depth: number): string | undefined {
    if (isMap(node) || isSeq(node)) {
      this.#report(node, 'yaml-unsupported', 'A key must be a plain word, not a list or a mapping.');
      return undefined;
    }
    const scalar = this.read(node, depth + 1);
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
    if (this.problems.length >= 20) return;
    const [start, end] = node?.range ?? [0, 0];
    const problem = {
      rule,
      message,
      range: rangeOfOffsets(this.#lines, start, isMap(node) || isSeq(node) ? start : end),
    };
    this.problems.push(hint === undefined ? problem : { ...problem, hint });
  }
}

const scalarOf = (node: unknown): unknown => (isScalar(node) ? node.value : null);
const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

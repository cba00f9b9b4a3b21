/** What stands for a value in the text that crosses the border: a node that is known there by now, or the value itself. */
export interface Crossing {
  /** Nodes that were not sent before: each with its number; members that are nodes are `[number]`. */
  readonly chunk: readonly (readonly [number, unknown])[];
  readonly node?: number;
  readonly value?: unknown;
}

/** Thrown where a document is too large for functions to look at. */
export class TooManyNodes extends Error {}

const MAX_NODES = 2_000_000;

/**
 * Sends values over the border piece by piece. What is shared in a document with its references resolved is sent once
 * and stays shared: written out as a tree it could be larger than anything.
 */
export class Graph {
  private readonly numbers = new Map<object, number>();

  crossing(value: unknown): Crossing {
    if (typeof value !== 'object' || value === null) return { chunk: [], value: plain(value) };
    const chunk: (readonly [number, unknown])[] = [];
    const open: object[] = [];
    const numberOf = (node: object): number => {
      const known = this.numbers.get(node);
      if (known !== undefined) return known;
      const number = this.numbers.size;
      if (number >= MAX_NODES) throw new TooManyNodes('the document is too large for functions');
      this.numbers.set(node, number);
      open.push(node);
      return number;
    };
    const member = (each: unknown) => (typeof each === 'object' && each !== null ? [numberOf(each)] : plain(each));
    const node = numberOf(value);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const written = Array.isArray(next)
        ? next.map(member)
        : Object.fromEntries(Object.entries(next).map(([key, each]) => [key, member(each)]));
      chunk.push([this.numbers.get(next)!, written]);
    }
    return { chunk, node };
  }
}

const plain = (value: unknown) => (typeof value === 'bigint' ? Number(value) : value);

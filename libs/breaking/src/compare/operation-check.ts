import type { Json } from '../document/json.ts';
import type { Operation, PathItem } from '../document/operations.ts';
import type { Located, Resolver } from '../document/resolver.ts';
import type { BreakingOptions, OperationKey } from '../change.ts';
import type { Root } from './walk.ts';

export interface Side {
  readonly document: Json;
  readonly resolver: Resolver;
  readonly paths: ReadonlyMap<string, PathItem>;
  readonly webhooks: ReadonlyMap<string, PathItem>;
}

export interface Comparison {
  readonly base: Side;
  readonly revision: Side;
  readonly options: BreakingOptions;
}

export interface Fact {
  readonly id: string;
  readonly operation: OperationKey | null;
  /** The webhook that it is about. */
  readonly webhook?: string;
  readonly document: 'base' | 'revision';
  readonly pointer: string;
  readonly message: string;
  /** What tells two changes of one id at one place apart: a value, a scope. */
  readonly about?: string;
  readonly hint?: string;
}

export interface OperationPair extends Comparison {
  readonly before: Operation;
  readonly after: Operation;
  readonly key: OperationKey;
  report(fact: Omit<Fact, 'operation'>): void;
  readonly compareSchemas: CompareSchemas;
}

/** Has two schemas compared; `name` is what a sentence about them begins with: "The request body". */
export type CompareSchemas = (
  schemas: { readonly base: Located | undefined; readonly revision: Located | undefined },
  root: Omit<Root, 'node'> & { readonly name: string; readonly within?: string },
) => void;

/** Looks at an operation that both documents have. */
export interface OperationCheck {
  readonly ids: readonly string[];
  check(pair: OperationPair): void;
}

/** Looks at the documents as a whole. */
export interface DocumentCheck {
  readonly ids: readonly string[];
  check(
    comparison: Comparison,
    report: (fact: Fact) => void,
    compareSchemas: (...arguments_: [...Parameters<CompareSchemas>, webhook: string]) => void,
  ): void;
}

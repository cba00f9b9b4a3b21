import type { BreakingOptions } from '../change.ts';
import type { Located, Resolver } from '../document/resolver.ts';
import type { MatchedSubschemas, Composition } from './subschemas.ts';

export type Direction = 'request' | 'response';

/** Where a schema stands: at the root of a body, parameter or header, or anywhere below it. */
export type Place = 'body' | 'property' | 'parameter' | 'parameter-property' | 'header';

export interface SchemaPair {
  readonly base: Located;
  readonly revision: Located;
  readonly direction: Direction;
  readonly place: Place;
  /** Values are JSON, so that a number is no string; in a query or a form everything is text. */
  readonly typed: boolean;
  readonly baseResolver: Resolver;
  readonly revisionResolver: Resolver;
  readonly options: BreakingOptions;
  subschemas(keyword: Composition): MatchedSubschemas;
}

export interface SchemaFact {
  readonly id: string;
  /** The rest of a sentence that begins with the name of the schema's place. */
  readonly says: string;
  /** A property of this schema that it is about. */
  readonly property?: string;
  /** Members from the schema to what changed. */
  readonly at?: readonly (string | number)[];
  /** Shown in the base, since it is gone from the revision. */
  readonly gone?: boolean;
  /** What tells two facts of one id at one place apart: a value. */
  readonly about?: string;
  readonly hint?: string;
}

/** Looks at one pair of schemas, not below it. */
export interface SchemaCheck {
  readonly ids: readonly string[];
  check(pair: SchemaPair, report: (fact: SchemaFact) => void): void;
}

/** `request-property`, `response-body`, …: what the ids of schema checks begin with. */
export function scopeOf({ direction, place }: SchemaPair): string {
  return place === 'parameter' || place === 'parameter-property'
    ? `request-${place}`
    : place === 'header'
      ? 'response-header'
      : `${direction}-${place}`;
}

/** The scopes in which most ids exist. */
export const bodyScopes = ['request-body', 'request-property', 'response-body', 'response-property'] as const;

export const isRequest = ({ direction }: SchemaPair) => direction === 'request';
export const isProperty = ({ place }: SchemaPair) => place === 'property' || place === 'parameter-property';

/**
 * What the pair is to the caller: a read-only property is no part of a request, a write-only one no part of a
 * response. At the root of a body or parameter neither word means anything.
 */
export function concernsCaller(pair: SchemaPair): boolean {
  if (pair.place !== 'property') return true;
  return pair.revision.value[isRequest(pair) ? 'readOnly' : 'writeOnly'] !== true;
}

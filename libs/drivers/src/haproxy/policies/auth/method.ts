import type { AuthMethod, AuthPolicy } from '@gitway/contracts';
import type { Capability, Provided } from '../../../driver.ts';
import type { Checker } from '../../checker.ts';
import type { MapEntry, SharedFile, SharedLines } from '../../policy.ts';
import type { RefusalCode } from './refusals.ts';

/**
 * Variables that the methods have in common:
 * - `txn.why`: why the present method does not hold (a code of `refusals.ts`); while it is there, its later steps rest.
 * - `txn.who`: the caller's record, `consumer|state|,plans,|last second|mark`, from one of the maps of `credentials.ts`.
 * - `txn.consumer`, `txn.plans`: what the rules behind `identify` go by.
 */
export interface Step {
  readonly act: string;
  readonly when: readonly string[];
}

const failed = '{ var(txn.why) -m found }';
export const holds = `!${failed}`;

export const step = (act: string, ...when: readonly string[]): Step => ({ act, when });

/** A step for as long as nothing speaks against the caller. */
export const next = (act: string, ...when: readonly string[]): Step => step(act, holds, ...when);

/** What speaks against the caller; the first reason stays. */
export const fail = (code: RefusalCode, ...when: readonly string[]): Step =>
  next(`set-var(txn.why) str(${code})`, ...when);

/** Where the caller's record is looked up; every method that knows consumers ends with it. */
export const lookUp = (expression: string): Step => next(`set-var(txn.who) ${expression}`);

/** What one operation asks of a credential beyond being valid, and the condition that chooses the operation. */
export interface Demand {
  readonly scopes: readonly string[];
  readonly claims: Readonly<Record<string, readonly string[]>>;
  readonly when: readonly string[];
}

export interface MethodRules {
  /** Puts what the caller sent into variables. Nothing is removed yet: several methods may read one header. */
  readonly take: readonly Step[];
  /** Afterwards `txn.why` is unset where the credential holds, and `txn.who` says whose it is. */
  readonly verify: readonly Step[];
  /** Takes the credential out of what goes on to the upstream, whether it was the one that counted or not. */
  readonly strip: readonly Step[];
  /** Counts (`req.fhdr_cnt(…)`) of what must not be there twice: it would be open which one counts. */
  readonly single: readonly string[];
  /** Challenge of `WWW-Authenticate` (RFC 9110, 11.6.1) as a log format, with what a failure adds to it. */
  readonly challenge: { readonly format: string; readonly bearer: boolean } | null;
  /** `always`: whoever gets in is a consumer; `never`: nobody is known by it. */
  readonly names: 'always' | 'maybe' | 'never';
  /** Variables that the upstream is told of, as `x-gitway-<name>`. */
  readonly tells?: readonly ('subject' | 'scopes')[];
  readonly maps?: readonly MapEntry[];
  readonly shared?: readonly SharedLines[];
  readonly files?: readonly SharedFile[];
}

export interface MethodSetting {
  readonly provided: Provided;
  /** Name of the API, for realms. */
  readonly api: string;
  readonly demands: readonly Demand[];
}

export type MethodOf<Kind extends AuthMethod['kind']> = Extract<AuthMethod, { kind: Kind }>;

/** One way to authenticate. */
export interface Method<Kind extends AuthMethod['kind']> {
  readonly capabilities: readonly Capability[];
  /** Refuses what cannot be honoured; `field` is where the method stands in its unit. */
  check(method: MethodOf<Kind>, field: string, on: Checker): void;
  rules(method: MethodOf<Kind>, setting: MethodSetting): MethodRules;
}

/** The methods that a policy names, in their order. */
export const methodsOf = (auth: AuthPolicy): readonly AuthMethod[] => {
  if (auth.kind === 'none') return [];
  return auth.kind === 'anyOf' || auth.kind === 'allOf' ? auth.methods : [auth];
};

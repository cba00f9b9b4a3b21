import type { ApiUnit, PlanUnit } from '@gitway/contracts';
import type { Capability, Provided } from '../driver.ts';
import type { Checker } from './checker.ts';
import type { Rule } from './rule.ts';
import type { ApiScope } from './scope.ts';

/** A line or more that the configuration needs once, however many APIs ask for it; sorted by key within its section. */
export interface SharedLines {
  /** `counters`: tables of the `peers` section. `sections`: sections of their own, such as a cache. `arrival`: what is noted of a request as it came. */
  readonly section: 'global' | 'arrival' | 'frontend' | 'counters' | 'sections';
  readonly key: string;
  readonly lines: readonly string[];
}

/** A file that lies beside the configuration, named by its content where it may change. */
export interface SharedFile {
  readonly path: string;
  readonly text: string;
  /** Whether nothing of it may be shown. */
  readonly secret: boolean;
}

export interface MapEntry {
  readonly map: string;
  readonly key: string;
  readonly value: string;
}

/** What one policy adds to the configuration for one API. */
export interface Contribution {
  readonly rules?: readonly Rule[];
  /** Lines that `defaults` may hold: time-outs and options. Shared by all APIs that agree in rules and settings. */
  readonly settings?: readonly string[];
  /** Lines that only a backend may hold, such as filters. */
  readonly backend?: readonly string[];
  /** Keys begin with a digest of what they belong to, so that new entries can stand beside those in use. */
  readonly maps?: readonly MapEntry[];
  readonly shared?: readonly SharedLines[];
  readonly files?: readonly SharedFile[];
}

/** One area of the vocabulary: what the driver can do of it, what it must refuse, and what it adds for an API. */
export interface Policy {
  readonly capabilities: readonly Capability[];
  /** Refuses what the capability table alone cannot tell, and every value that has no safe form. */
  check?(api: ApiUnit, on: Checker, plans: ReadonlyMap<string, PlanUnit>): void;
  contribute(scope: ApiScope, provided: Provided): Contribution;
  /** Changes what all policies together have contributed, once they have. */
  amend?(scope: ApiScope, rules: readonly Rule[]): readonly Rule[];
}

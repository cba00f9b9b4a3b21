import { z } from 'zod';

/** Who may publish facts. One JetStream stream each; NATS permissions let nobody else publish there. */
export const owners = [
  'git-watcher',
  'validator',
  'deployer',
  'analytics',
  'notifier',
  'gateway-agent',
  'console',
] as const;
export type Owner = (typeof owners)[number];

/** What the last token of a fact's subject names: the order of facts is promised within one scope only. */
export type Scope = 'environment' | 'source' | 'service';

export interface EventDefinition<Data = unknown> {
  /** The service that alone may state this fact. */
  readonly owner: Owner;
  /** Past tense, `<subject>-<predicate>`, as in `commit-detected`. */
  readonly fact: string;
  /** Counts from 1. A published version never changes; a breaking change is the next one. */
  readonly version: number;
  /** CloudEvents `type`: `dev.gitway.<subject>.<predicate>.v<n>`, `dev.gitway.deployed.v<n>` where the fact is one word. */
  readonly type: string;
  readonly scope: Scope;
  /** One sentence for the generated documentation. */
  readonly summary: string;
  readonly data: z.ZodType<Data>;
  /** The `<scope>` token of the subject for this data. */
  scopeOf(data: Data): string;
}

export type DataOf<D> = D extends EventDefinition<infer Data> ? Data : never;

/** Declares one version of one fact. */
export function defineEvent<Data>(definition: Omit<EventDefinition<Data>, 'type'>): EventDefinition<Data> {
  // The last hyphen parts subject and predicate; a fact of one word (`deployed`) has the predicate alone.
  const type = `dev.gitway.${definition.fact.replace(/-(?=[^-]+$)/, '.')}.v${definition.version}`;
  return { ...definition, type };
}

/** One fact as it travels: CloudEvents 1.0 attributes, Gitway's extensions, and the data. */
export interface EventEnvelope<Data = unknown> {
  /** Unique; also the `Nats-Msg-Id`, so that a repeated publish is stored once. */
  readonly id: string;
  readonly type: string;
  /** `/gitway/<owner>`. */
  readonly source: string;
  /** The NATS subject: `gitway.<owner>.<fact>.<scope>`. */
  readonly subject: string;
  readonly time: string;
  /** One story: everything that follows from one commit (or one command) carries the same id. */
  readonly correlationId: string;
  /** The id of the event that caused this one; null for a first cause. */
  readonly causationId: string | null;
  /** W3C trace context of the work that stated the fact, so that one trace spans the whole story. */
  readonly traceparent: string | null;
  readonly data: Data;
}

export function streamOf(owner: Owner): string {
  return `GITWAY_${owner.toUpperCase().replaceAll('-', '_')}`;
}

export function subjectOf<Data>(definition: EventDefinition<Data>, data: Data): string {
  return `${subjectPrefix(definition)}.${definition.scopeOf(data)}`;
}

/** `gitway.<owner>.<fact>`; a consumer filters on this followed by `.>`. */
export function subjectPrefix(definition: Pick<EventDefinition, 'owner' | 'fact'>): string {
  return `gitway.${definition.owner}.${definition.fact}`;
}

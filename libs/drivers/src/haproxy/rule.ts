/**
 * The order in which an API's rules are run, whichever policy they come from. What comes earlier decides first: a
 * refused address is never asked for a key, and what is counted was let in.
 */
export const phases = [
  /** Which operation is called. */
  'operation',
  /** Retired, under maintenance, an address that is shut out. */
  'closed',
  /** CORS preflights, which carry no credentials. */
  'preflight',
  /** What a request may look like. */
  'form',
  /** Who calls. */
  'identify',
  /** Which pool they go to. In the frontend, since it has to be known before there is a backend. */
  'choose',
  /** What they may call. */
  'entitle',
  /** How often. */
  'count',
  /** What is answered or copied without the upstream. */
  'answer',
  /** What the upstream sees. */
  'forward',
] as const;

export type Phase = (typeof phases)[number];

/** One `http-request`, `http-response` or `http-after-response` rule; all of its conditions must hold. */
export interface Rule {
  readonly on: 'request' | 'response' | 'after-response';
  readonly phase: Phase;
  readonly act: string;
  readonly when: readonly string[];
}

export const request = (phase: Phase, act: string, ...when: readonly string[]): Rule => ({
  on: 'request',
  phase,
  act,
  when,
});

/** On what the upstream answered. */
export const response = (act: string, ...when: readonly string[]): Rule => ({
  on: 'response',
  phase: 'forward',
  act,
  when,
});

/** On every answer, the gateway's own as well. */
export const afterResponse = (act: string, ...when: readonly string[]): Rule => ({
  on: 'after-response',
  phase: 'forward',
  act,
  when,
});

/** The rules as lines, in the order of their phases; within one, as they were given. */
export function printRules(rules: readonly Rule[], guard: readonly string[] = []): string[] {
  return phases.flatMap((phase) =>
    rules
      .filter((rule) => rule.phase === phase)
      .map(({ on, act, when }) => {
        const conditions = [...guard, ...when];
        return `    http-${on} ${act}${conditions.length > 0 ? ` if ${conditions.join(' ')}` : ''}`;
      }),
  );
}

/** Where the text of a map is named before it is known how the file is called: `assemble` puts the path in its place. */
export const mapNamed = (name: string) => `@{${name}}`;

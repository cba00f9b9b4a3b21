import type { BreakingChange } from './change.ts';
import type { Fact } from './compare/operation-check.ts';
import { ruleOf } from './registry.ts';

/** Collects what was found: each change once, up to a limit, in one order. */
export class Changes {
  readonly #found = new Map<string, Fact>();

  constructor(private readonly limit: number) {}

  get full(): boolean {
    return this.#found.size >= this.limit;
  }

  add(fact: Fact): void {
    if (ruleOf(fact.id) === undefined) throw new Error(`no rule is registered as ${fact.id}`);
    if (this.full) return;
    const { operation, webhook, id, document, pointer, message } = fact;
    const key = `${operation?.method ?? ''} ${operation?.path ?? ''} ${webhook ?? ''} ${id} ${document}#${pointer} ${message}`;
    if (!this.#found.has(key)) this.#found.set(key, fact);
  }

  list(truncated: boolean): BreakingChange[] {
    const times = new Map<string, number>();
    const changes = [...this.#found.values()].sort(inOrder).map(({ about, ...fact }): BreakingChange => {
      const key = keyOf(fact, about);
      const time = (times.get(key) ?? 0) + 1;
      times.set(key, time);
      return { key: time === 1 ? key : `${key} (${time})`, ...fact, level: ruleOf(fact.id)?.level ?? 'error' };
    });
    return truncated || this.full ? [...changes, incomplete] : changes;
  }
}

function keyOf({ id, operation, webhook, document, pointer }: Fact, about: string | undefined): string {
  const where =
    operation !== null ? ` ${operation.method} ${operation.path}` : webhook === undefined ? '' : ` webhook ${webhook}`;
  return `${id}${where} ${document}#${pointer}${about === undefined ? '' : ` ${about}`}`;
}

/** By operation, then by id and place. */
function inOrder(a: Fact, b: Fact): number {
  return (
    compare(a.operation?.path ?? '', b.operation?.path ?? '') ||
    compare(a.webhook ?? '', b.webhook ?? '') ||
    compare(a.operation?.method ?? '', b.operation?.method ?? '') ||
    compare(a.id, b.id) ||
    compare(a.pointer, b.pointer) ||
    compare(a.document, b.document) ||
    compare(a.message, b.message)
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const incomplete: BreakingChange = {
  key: 'comparison-incomplete',
  id: 'comparison-incomplete',
  level: 'warning',
  operation: null,
  document: 'revision',
  pointer: '',
  message: 'The documents differ in more places than are compared: there may be more changes than are listed',
  hint: 'raise the limit, or split the change',
};

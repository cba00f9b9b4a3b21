import type { BreakingChange } from './change.ts';
import type { Fact } from './compare/operation-check.ts';
import { ruleOf } from './registry.ts';

/** Collects what was found: each change once, up to a limit, in one order. */
export class Changes {
  readonly #found = new Map<string, { readonly key: string; readonly change: Omit<BreakingChange, 'key'> }>();

  constructor(private readonly limit: number) {}

  get full(): boolean {
    return this.#found.size >= this.limit;
  }

  add({ about, ...fact }: Fact): void {
    const rule = ruleOf(fact.id);
    if (rule === undefined) throw new Error(`no rule is registered as ${fact.id}`);
    if (this.full) return;
    const key = keyOf(fact, about);
    this.#found.set(`${key}\n${fact.message}`, { key, change: { ...fact, level: rule.level } });
  }

  list(truncated: boolean): BreakingChange[] {
    const entries = [...this.#found].map(([tie, { key, change }]) => ({ order: orderOf(change), tie, key, change }));
    entries.sort((a, b) => compare(a.order, b.order) || compare(a.tie, b.tie));
    const times = new Map<string, number>();
    const changes = entries.map(({ key, change }): BreakingChange => {
      const time = (times.get(key) ?? 0) + 1;
      times.set(key, time);
      return { key: time === 1 ? key : `${key} (${time})`, ...change };
    });
    return truncated || this.full ? [...changes, incomplete] : changes;
  }
}

function keyOf({ id, operation, webhook, document, pointer }: Fact, about: string | undefined): string {
  const where =
    operation !== null ? ` ${operation.method} ${operation.path}` : webhook === undefined ? '' : ` webhook ${webhook}`;
  return `${id}${where} ${document}#${pointer}${about === undefined ? '' : ` ${about}`}`;
}

const orderOf = ({ operation, webhook, id, pointer }: Omit<BreakingChange, 'key'>) =>
  [operation?.path ?? '', webhook ?? '', operation?.method ?? '', id, pointer].join('\n');

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

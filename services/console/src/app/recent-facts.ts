import type { Fact, FactRecord } from '@gitway/contracts';
import { matches, type FactFilter } from '../domain/facts.ts';
import type { KeptFacts } from './kept-facts.ts';

/** How many facts are looked at for one answer, matching or not. */
const WINDOW = 2_000;

/** One page of facts, oldest first: the newest `limit`, or the first `limit` after a sequence. */
export class RecentFacts {
  private readonly facts: KeptFacts;

  constructor(facts: KeptFacts) {
    this.facts = facts;
  }

  async run(options: { after: bigint | null; limit: number; filter: FactFilter }): Promise<FactRecord[]> {
    const kept =
      options.after === null ? await this.facts.latest(WINDOW) : await this.facts.after(options.after, WINDOW);
    const found = kept.filter((each) => matches(each, options.filter));
    const page = options.after === null ? found.slice(-options.limit) : found.slice(0, options.limit);
    return page.map(({ sequence, json }) => ({ sequence: String(sequence), fact: JSON.parse(json) as Fact }));
  }
}

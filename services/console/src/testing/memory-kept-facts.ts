import { FactSignal, KeptFacts } from '../app/kept-facts.ts';
import type { KeptFact } from '../domain/facts.ts';

/** Kept facts in memory, and their signal. */
export class MemoryKeptFacts extends KeptFacts {
  readonly facts: KeptFact[] = [];
  readonly signal = new MemorySignal();
  queries = 0;

  add(sequence: number, fact = 'deployed', environments = ['production']): void {
    this.facts.push({ sequence: BigInt(sequence), fact, environments, json: `{"id":"e${sequence}"}` });
    this.signal.fire();
  }

  async after(sequence: bigint, limit: number): Promise<KeptFact[]> {
    this.queries += 1;
    return this.facts.filter((kept) => kept.sequence > sequence).slice(0, limit);
  }

  async latest(limit: number): Promise<KeptFact[]> {
    return this.facts.slice(-limit);
  }

  async range(): Promise<{ oldest: bigint; newest: bigint } | null> {
    const [first, last] = [this.facts[0], this.facts.at(-1)];
    return first === undefined || last === undefined ? null : { oldest: first.sequence, newest: last.sequence };
  }
}

class MemorySignal extends FactSignal {
  private onSignal: () => void = () => undefined;

  start(onSignal: () => void): void {
    this.onSignal = onSignal;
  }

  fire(): void {
    this.onSignal();
  }

  async stop(): Promise<void> {
    this.onSignal = () => undefined;
  }
}

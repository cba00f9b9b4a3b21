import { EventEmitter } from 'node:events';
import { type Desired, desiredKey, type Reported, reportedKey } from '@gitway/contracts';
import { ConflictError } from '@gitway/errors';
import { GatewayStates, type StopWatching } from './gateway-states.ts';

/** Gateway states in memory, for tests; passes the same suite as the real ones. */
export class InMemoryGatewayStates extends GatewayStates {
  private readonly values = new Map<string, { value: unknown; revision: number }>();
  private readonly changes = new EventEmitter();
  private revision = 0;

  async getDesired(environment: string, gateway: string): Promise<{ value: Desired; revision: number } | null> {
    return (this.values.get(desiredKey(environment, gateway)) as { value: Desired; revision: number }) ?? null;
  }

  async putDesired(desired: Desired, expectedRevision: number | null): Promise<number> {
    const key = desiredKey(desired.environment, desired.gateway);
    if ((this.values.get(key)?.revision ?? null) !== expectedRevision) {
      throw new ConflictError('desired-changed', `${key} was written by somebody else`);
    }
    return this.put(key, desired);
  }

  async getReported(environment: string, gateway: string): Promise<Reported | null> {
    return (this.values.get(reportedKey(environment, gateway))?.value as Reported) ?? null;
  }

  async putReported(reported: Reported): Promise<void> {
    this.put(reportedKey(reported.environment, reported.gateway), reported);
  }

  async listDesired(): Promise<Desired[]> {
    return this.list('desired.') as Desired[];
  }

  async listReported(): Promise<Reported[]> {
    return this.list('reported.') as Reported[];
  }

  async watchDesired(
    environment: string,
    gateway: string,
    onChange: (desired: Desired) => void,
  ): Promise<StopWatching> {
    const key = desiredKey(environment, gateway);
    return this.watch((changed) => changed === key, onChange as (value: unknown) => void);
  }

  async watchReported(onChange: (reported: Reported) => void): Promise<StopWatching> {
    return this.watch((changed) => changed.startsWith('reported.'), onChange as (value: unknown) => void);
  }

  private put(key: string, value: unknown): number {
    this.values.set(key, { value: structuredClone(value), revision: ++this.revision });
    const { revision } = this;
    setImmediate(() => this.changes.emit('change', key));
    return revision;
  }

  private list(prefix: string): unknown[] {
    return [...this.values].filter(([key]) => key.startsWith(prefix)).map(([, { value }]) => value);
  }

  private watch(
    matches: (key: string) => boolean,
    onChange: (value: unknown) => void,
  ): StopWatching | Promise<StopWatching> {
    const listener = (key: string) => {
      const entry = this.values.get(key);
      if (matches(key) && entry !== undefined) onChange(entry.value);
    };
    for (const key of this.values.keys()) setImmediate(() => listener(key));
    this.changes.on('change', listener);
    return async () => void this.changes.off('change', listener);
  }
}

import type { HaproxyRendered, ProcessState } from '@gitway/drivers';
import type { HaproxyProcess } from '../adapters/haproxy-process.ts';
import { parseMap, type Identity } from '../adapters/haproxy-answers.ts';
import type { LiveState } from '../domain/drift.ts';

/** Reading a map costs HAProxy time that calls wait for, so large ones are read in every third turn only. */
const LARGE_BYTES = 256 * 1024;
const EVERY = 3;

type Entries = readonly (readonly [string, string])[];

/** Reads the worker back. What reads as it did before is not taken apart again. */
export class ReadProcess {
  private turn = 0;
  private readonly maps = new Map<string, { raw: string; entries: () => Entries }>();

  constructor(private readonly haproxy: HaproxyProcess) {}

  async read(rendered: HaproxyRendered, process: ProcessState): Promise<LiveState & { identity: Identity | null }> {
    this.turn += 1;
    const paths = [...rendered.image.maps.keys()].flatMap((name) => process.maps[name] ?? []);
    const small = (path: string) => (this.maps.get(path)?.raw.length ?? 0) < LARGE_BYTES;
    const asked = paths.filter((path) => small(path) || this.turn % EVERY === 0);
    const live = await this.haproxy.live(asked);
    for (const path of asked) {
      const raw = live.maps.get(path);
      if (raw === undefined) this.maps.delete(path);
      else if (this.maps.get(path)?.raw !== raw) this.maps.set(path, { raw, entries: onceOf(() => parseMap(raw)) });
    }
    for (const path of this.maps.keys()) if (!paths.includes(path)) this.maps.delete(path);
    return { ...live, maps: new Map([...this.maps].map(([path, { entries }]) => [path, entries])) };
  }
}

function onceOf<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

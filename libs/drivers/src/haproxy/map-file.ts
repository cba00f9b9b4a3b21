import { digestOfBytes } from '@gitway/contracts';
import { once } from './once.ts';
import type { MapEntry } from './policy.ts';

export interface MapFile {
  readonly name: string;
  /** Named by its content: it can lie beside its predecessor, and a configuration is swapped by one rename. */
  readonly path: string;
  readonly text: string;
  /** What the text is made of. */
  readonly chunks: ReadonlySet<string>;
}

/** Collects entries by map; what APIs have in common (the same operations, say) is written once. */
export class MapFiles {
  private readonly chunks = new Map<string, Set<string>>();

  /** Declares a map that rules may name though it may stay empty. */
  declare(map: string): void {
    this.of(map);
  }

  /** @param entries of one map, as text: see `mapText` */
  add(map: string, text: string): void {
    this.of(map).add(text);
  }

  files(): MapFile[] {
    return [...this.chunks].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, chunks]) => mapFile(name, chunks));
  }

  private of(map: string): Set<string> {
    let chunks = this.chunks.get(map);
    if (chunks === undefined) this.chunks.set(map, (chunks = new Set()));
    return chunks;
  }
}

/** Put together when it is asked for: most changes leave most maps alone. */
function mapFile(name: string, chunks: ReadonlySet<string>): MapFile {
  const text = once(() => [...chunks].join(''));
  const path = once(() => `maps/${name}.${digestOfBytes(text()).slice('sha256-'.length, 'sha256-'.length + 16)}.map`);
  return {
    name,
    chunks,
    get text() {
      return text();
    },
    get path() {
      return path();
    },
  };
}

/** Entries by map, each as lines of a map file. */
export function mapText(entries: readonly MapEntry[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string[]>();
  for (const { map, key, value } of entries) {
    const line = `${key} ${value}\n`;
    const lines = texts.get(map);
    if (lines === undefined) texts.set(map, [line]);
    else lines.push(line);
  }
  return new Map([...texts].map(([map, lines]) => [map, lines.join('')]));
}

export function mapEntries(text: string): Map<string, string> {
  const entries = new Map<string, string>();
  for (const line of text.split('\n')) {
    const cut = line.indexOf(' ');
    if (cut > 0) entries.set(line.slice(0, cut), line.slice(cut + 1));
  }
  return entries;
}

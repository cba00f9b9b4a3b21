import { NotFoundError } from '@gitway/errors';
import type { Source } from './source.ts';

/** The sources that are followed, in the order of the configuration. */
export class SourceRegistry {
  private readonly byName: ReadonlyMap<string, Source>;

  constructor(readonly sources: readonly Source[]) {
    this.byName = new Map(sources.map((source) => [source.name, source]));
  }

  find(name: string): Source | undefined {
    return this.byName.get(name);
  }

  /** @throws NotFoundError `unknown-source` */
  get(name: string): Source {
    const source = this.byName.get(name);
    if (source === undefined) {
      throw new NotFoundError('unknown-source', `There is no source "${name}"; GITWAY_SOURCES names those that are.`);
    }
    return source;
  }
}

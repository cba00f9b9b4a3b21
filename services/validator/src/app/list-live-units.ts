import { createHash } from 'node:crypto';
import type { LiveUnitsQuery, LiveUnitsView, Unit } from '@gitway/contracts';
import { ConflictError } from '@gitway/errors';
import { Injectable } from '@nestjs/common';
import { LiveUnits } from '../adapters/live-units.ts';

/** An answer ends with the unit that passes this. */
const MAX_CHARACTERS = 4_000_000;

/** A page of what is live in an environment. */
@Injectable()
export class ListLiveUnits {
  constructor(private readonly live: LiveUnits) {}

  /** @throws ConflictError where another snapshot went live than the one that was asked for */
  async run(environment: string, { snapshot: asked, offset, limit }: LiveUnitsQuery): Promise<LiveUnitsView> {
    const state = (await this.live.statesOf([environment])).get(environment);
    if (asked !== undefined && asked !== state?.snapshot) {
      throw new ConflictError('live-moved', `Something else went live in ${environment} meanwhile. Begin again.`);
    }
    if (state === undefined)
      return { environment, snapshot: null, commit: null, since: null, items: [], unreadable: 0, total: 0, next: null };
    const { units: refs } = await this.live.snapshot(state.snapshot);
    const page = bounded(await this.live.units(refs.slice(offset, offset + limit)));
    const items = page.filter((unit) => unit !== null);
    const end = offset + page.length;
    return {
      environment,
      snapshot: state.snapshot,
      commit: state.commit,
      since: state.at.toISOString(),
      items: items.map(withoutHashes),
      unreadable: page.length - items.length,
      total: refs.length,
      next: page.length > 0 && end < refs.length ? end : null,
    };
  }
}

/** What could be compared with a leaked key stays here; how many keys there are, and which are the same, is told. */
function withoutHashes(unit: Unit): Unit {
  if (unit.kind !== 'consumers') return unit;
  const hide = (hash: string) => createHash('sha256').update(`shown ${hash}`).digest('hex');
  return { ...unit, consumers: unit.consumers.map((each) => ({ ...each, keyHashes: each.keyHashes.map(hide) })) };
}

function bounded(units: readonly (Unit | null)[]): (Unit | null)[] {
  const taken: (Unit | null)[] = [];
  let characters = 0;
  for (const unit of units) {
    if (characters > MAX_CHARACTERS) break;
    taken.push(unit);
    characters += JSON.stringify(unit).length;
  }
  return taken;
}

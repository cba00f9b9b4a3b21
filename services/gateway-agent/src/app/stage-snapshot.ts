import type { Problem } from '@gitway/contracts';
import {
  FragmentCache,
  haproxy as driver,
  type HaproxyRendered,
  nothingProvided,
  type Provided,
  type Placement,
  type RenderContext,
} from '@gitway/drivers';
import { InvalidInputError, isRetryable, messageOf } from '@gitway/errors';
import { logger } from '@gitway/observability';
import type { GatewayFiles } from '../adapters/gateway-files.ts';
import type { HaproxyProcess } from '../adapters/haproxy-process.ts';
import type { LoadedSnapshot } from '../adapters/snapshot-cache.ts';
import { type Decisions, withWeights } from '../domain/decisions.ts';
import { ofConfigurationCheck, ofDriver } from '../domain/problems.ts';

const log = logger('stage');

/** Everything about the gateway that does not come from a snapshot. */
export type Place = Omit<RenderContext, 'snapshot' | 'cache' | 'provided'>;

/** Renders a snapshot, has it checked, and lays it beside what runs. Nothing that runs is touched. */
export class StageSnapshot {
  private readonly cache = new FragmentCache();

  constructor(
    private readonly place: Place,
    private readonly files: GatewayFiles,
    private readonly haproxy: HaproxyProcess,
    private readonly provided: () => Provided = () => nothingProvided,
  ) {}

  /** @throws InvalidInputError for what `compose` refuses */
  render(loaded: LoadedSnapshot | null, decisions: Decisions, placement?: Placement): HaproxyRendered {
    const decided = withWeights(loaded?.units ?? [], decisions.weights);
    if ('problems' in decided) throw new InvalidInputError('not-expressible', decided.problems[0]?.message ?? '');
    const rendered = driver.render(decided.units, {
      ...this.place,
      snapshot: loaded?.digest ?? null,
      provided: this.provided(),
      blocks: decisions.blocks,
      cache: this.cache,
    });
    return placement === undefined || placement.size === 0 ? rendered : rendered.placed(placement);
  }

  /** What the units come to, or why they cannot be expressed here. */
  compose(loaded: LoadedSnapshot, decisions: Decisions): { rendered: HaproxyRendered } | { problems: Problem[] } {
    const decided = withWeights(loaded.units, decisions.weights);
    if ('problems' in decided) return decided;
    const refused = driver.check(decided.units, this.place.gateway);
    if (refused.length > 0) return { problems: ofDriver(refused) };
    try {
      return { rendered: this.render(loaded, decisions) };
    } catch (error) {
      if (isRetryable(error)) throw error;
      return { problems: [{ unit: null, message: messageOf(error) }] };
    }
  }

  /** Lays the whole configuration down and has HAProxy check it. @returns why it refuses */
  async whole(rendered: HaproxyRendered, current: HaproxyRendered): Promise<Problem[]> {
    const taken = await this.takenListeners(rendered, current);
    if (taken.length > 0) return taken;
    const refusal = await this.haproxy.refusalOf(await this.files.stage(rendered));
    if (refusal === null) return [];
    await this.files.discard(rendered.main);
    log.warn({ refusal: refusal.slice(0, 2000) }, 'HAProxy refuses the configuration');
    return ofConfigurationCheck(refusal, rendered);
  }

  /**
   * Lays the whole configuration down and has HAProxy check these backends of it, by own name: everything else is as it
   * was when the running worker was loaded with it.
   * @returns whether HAProxy accepts them
   */
  async part(rendered: HaproxyRendered, backends: ReadonlySet<string>): Promise<boolean> {
    const checked = async () => {
      if (backends.size === 0) return null;
      return this.haproxy.refusalOf(await this.files.stageExcerpt(rendered.excerpt(backends)));
    };
    const [refusal] = await Promise.all([checked(), this.files.stage(rendered)]);
    if (refusal !== null) log.warn({ refusal: refusal.slice(0, 2000) }, 'HAProxy refuses what is to be added');
    return refusal === null;
  }

  /** Tries addresses that are new: a bind that fails would be seen only by a reload, which pauses the old worker. */
  private async takenListeners(rendered: HaproxyRendered, current: HaproxyRendered): Promise<Problem[]> {
    const bound = new Set(Object.values(current.expected.listeners));
    const problems: Problem[] = [];
    for (const [name, address] of Object.entries(rendered.expected.listeners)) {
      if (bound.has(address)) continue;
      const failure = await this.haproxy.bindFailure(address);
      if (failure === null) continue;
      const message = `listener ${name} cannot listen on ${address}: ${failure}; free the address or choose another`;
      problems.push({ unit: `gateway ${this.place.gateway}`, message });
    }
    return problems;
  }
}

import { changeOf, type HaproxyRendered, leftovers, place, type ProcessState } from '@gitway/drivers';
import { logger } from '@gitway/observability';
import { messageOf } from '@gitway/errors';
import type { HaproxyProcess } from '../adapters/haproxy-process.ts';

/** Calls that were on their way to a backend when it was left have ended, or have a server by then. */
const GRACE_MS = 3_000;

/** What is wanted meanwhile has to wait. */
const LONGEST_MS = 100;

const log = logger('change');

/** A place in the sequence of an apply where a process may end. */
export type Boundary = (name: string) => Promise<void> | void;

/** What is to be done to the running worker, and what it will be like afterwards. */
export interface Ready {
  readonly rendered: HaproxyRendered;
  /** Own names of backends that get servers. */
  readonly filled: ReadonlySet<string>;
  readonly change: ReturnType<typeof changeOf>;
}

/** Changes a worker while it runs, by the smallest acts that lead to what is wanted. */
export class ChangeProcess {
  private readonly leftAtMs = new Map<string, number>();

  constructor(
    private readonly haproxy: HaproxyProcess,
    private readonly boundary: Boundary,
  ) {}

  /** @returns why it takes a reload, or what is to be done */
  plan(current: HaproxyRendered, process: ProcessState, wanted: HaproxyRendered): Ready | { reload: string } {
    const placing = place({ image: current.image, process }, wanted.image);
    if ('reload' in placing) return placing;
    const rendered = placing.placement.size === 0 ? wanted : wanted.placed(placing.placement);
    const change = changeOf({ image: current.image, process }, rendered.image);
    const added = new Set(change.prepare.flatMap((act) => (act.kind === 'server-add' ? [act.server.backend] : [])));
    const filled = [...rendered.image.backends.values()].filter(({ name }) => added.has(name)).map(({ own }) => own);
    return { rendered, filled: new Set(filled), change };
  }

  /** Adds what nothing asks for yet. */
  async prepare({ change }: Ready): Promise<void> {
    await this.haproxy.perform(change.prepare, () => this.boundary('prepare'));
  }

  /** Switches over. */
  async commit({ change }: Ready): Promise<void> {
    await this.haproxy.perform(change.commit, () => this.boundary('commit'));
    await this.boundary('committed');
  }

  /** Whether there is something that nobody can be using any more. */
  isDue(process: ProcessState): boolean {
    return this.due(process).length > 0;
  }

  /** Takes away what nobody uses any more; what is still in use stays until the next time. */
  async tidy(process: ProcessState): Promise<ProcessState> {
    let now = process;
    const untilMs = performance.now() + LONGEST_MS;
    for (const { acts, after } of this.due(process)) {
      if (performance.now() > untilMs) break;
      try {
        await this.haproxy.perform(acts, () => this.boundary('tidy'));
        now = after(now);
      } catch (error) {
        log.debug({ reason: messageOf(error) }, 'something is still in use');
      }
    }
    return now;
  }

  private due(process: ProcessState) {
    const nowMs = performance.now();
    const names = new Set<string>();
    const due = leftovers(process).filter(({ name }) => {
      names.add(name);
      const since = this.leftAtMs.get(name);
      if (since === undefined) this.leftAtMs.set(name, nowMs);
      return since !== undefined && nowMs - since >= GRACE_MS;
    });
    for (const name of this.leftAtMs.keys()) if (!names.has(name)) this.leftAtMs.delete(name);
    return due;
  }
}

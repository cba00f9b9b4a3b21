import {
  environmentViewSchema,
  incidentViewSchema,
  listOf,
  owners,
  sourceViewSchema,
  type Owner,
  type StatusView,
} from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import { z } from 'zod';
import type { Upstreams } from './upstreams.ts';

const healthSchema = z.object({ status: z.string(), checks: z.record(z.string(), z.string()).default({}) });
type ServiceStatus = StatusView['services'][number];

/** Everything at a glance. A service that is away leaves its part null and never hides the rest. */
export class GetStatus {
  private readonly upstreams: Upstreams;
  private readonly log: (error: unknown, message: string) => void;

  constructor(upstreams: Upstreams, log: (error: unknown, message: string) => void) {
    this.upstreams = upstreams;
    this.log = log;
  }

  async run(now: Date): Promise<StatusView> {
    const [environments, sources, incidents, ...services] = await Promise.all([
      this.part(() => this.upstreams.get('deployer', '/environments', {}, listOf(environmentViewSchema))),
      this.part(() => this.upstreams.get('git-watcher', '/sources', {}, listOf(sourceViewSchema))),
      this.part(() => this.upstreams.get('notifier', '/incidents', { state: 'open' }, listOf(incidentViewSchema))),
      ...owners.filter((name) => this.upstreams.names.includes(name)).map((name) => this.service(name)),
    ]);
    return { at: now.toISOString(), environments, sources, incidents, services };
  }

  private async part<T>(read: () => Promise<{ items: T[] }>): Promise<T[] | null> {
    try {
      return (await read()).items;
    } catch (error) {
      this.log(error, `a part of the status is missing: ${messageOf(error)}`);
      return null;
    }
  }

  private async service(name: Owner): Promise<ServiceStatus> {
    try {
      const { status, checks } = await this.upstreams.get(name, '/health/ready', {}, healthSchema);
      const failing = Object.entries(checks).filter(([, outcome]) => outcome !== 'ok');
      const detail = failing.map(([check, outcome]) => `${check}: ${outcome}`).join('; ');
      return { name, state: status === 'ready' ? 'ready' : 'not-ready', detail: detail || null };
    } catch (error) {
      return { name, state: 'away', detail: messageOf(error) };
    }
  }
}

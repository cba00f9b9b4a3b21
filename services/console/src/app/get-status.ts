import {
  commitViewSchema,
  deploymentViewSchema,
  environmentViewSchema,
  incidentViewSchema,
  listOf,
  owners,
  sourceViewSchema,
  type DeploymentView,
  type EnvironmentView,
  type Owner,
  type Standing,
  type StatusView,
} from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import { z } from 'zod';
import { standingOf, type Known } from '../domain/standing.ts';
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
    const [environments, sources, commits, incidents, ...services] = await Promise.all([
      this.part(() => this.upstreams.get('deployer', '/environments', {}, listOf(environmentViewSchema))),
      this.part(() => this.upstreams.get('git-watcher', '/sources', {}, listOf(sourceViewSchema))),
      this.part(() => this.upstreams.get('validator', '/commits', { limit: 100 }, listOf(commitViewSchema))),
      this.part(() => this.upstreams.get('notifier', '/incidents', { state: 'open' }, listOf(incidentViewSchema))),
      ...owners.filter((name) => this.upstreams.names.includes(name)).map((name) => this.service(name)),
    ]);
    const standings =
      environments === null
        ? null
        : await Promise.all(environments.map((environment) => this.standing(environment, { sources, commits })));
    return { at: now.toISOString(), environments, standings, sources, incidents, services };
  }

  private async standing(environment: EnvironmentView, known: Omit<Known, 'deployments'>): Promise<Standing> {
    const { name, live } = environment;
    const deployments = await this.part(async () => {
      const query = { environment: name, limit: 20 };
      const { items } = await this.upstreams.get('deployer', '/deployments', query, listOf(deploymentViewSchema));
      if (live === null || items.some(({ deployment }) => deployment === live.deployment)) return { items };
      return { items: [...items, await this.deployment(live.deployment)] };
    });
    return standingOf(environment, { ...known, deployments });
  }

  /** What serves may be older than the newest deployments. */
  private deployment(id: string): Promise<DeploymentView> {
    return this.upstreams.get('deployer', `/deployments/${id}`, {}, deploymentViewSchema);
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

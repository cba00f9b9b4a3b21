import type { Fact } from '@gitway/contracts';
import { clean, shortCommit } from '../render/text.ts';

export interface Awaited {
  readonly action: 'deploy' | 'rollback' | 'approve';
  readonly environment: string;
  /** The id of our request's event. */
  readonly event: string;
  readonly correlation: string;
  readonly commit: string | null;
  readonly deployment: string | null;
}

export type Outcome = { readonly done: 'live' | 'rolled-back' | 'failed'; readonly words: string };

type Data = Readonly<Record<string, unknown>>;
const commitOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && 'commit' in value && typeof value.commit === 'string'
    ? value.commit
    : null;
const text = (value: unknown) => (typeof value === 'string' ? clean(value) : '');

/** `deployed` of `gitway.deployer.deployed.production`. */
export const factNameOf = (fact: Pick<Fact, 'subject'>) => fact.subject.split('.')[2] ?? '';

/** Whether a fact tells what became of a request; null: not this one. */
export function outcomeOf(fact: Fact, awaited: Awaited): Outcome | null {
  const data = fact.data as Data;
  if (typeof data !== 'object' || data === null || data['environment'] !== awaited.environment) return null;
  const name = factNameOf(fact);
  const ours = fact.correlationId === awaited.correlation || fact.causationId === awaited.event;
  const same =
    ours ||
    (awaited.deployment !== null && data['deployment'] === awaited.deployment) ||
    (awaited.action === 'deploy' && data['commit'] === awaited.commit);
  if (name === 'rolled-back') {
    const to = commitOf(data['to']);
    const wanted = awaited.action === 'rollback' && (awaited.commit === null || awaited.commit === to);
    if (!ours && !wanted && !(same && awaited.action !== 'rollback')) return null;
    const words = `${awaited.environment} was rolled back to ${shortCommit(to ?? '?')}: ${text(data['detail'])}`;
    return { done: awaited.action === 'rollback' ? 'rolled-back' : 'failed', words };
  }
  if (!same) return null;
  if (name === 'deployed') {
    return {
      done: 'live',
      words: `${awaited.environment} serves ${shortCommit(text(data['commit']))}, read back from every gateway`,
    };
  }
  if (name === 'command-refused') {
    // Of another request for the same commit: that it was refused says nothing of ours.
    if (!ours) return null;
    return { done: 'failed', words: `${awaited.environment}: refused: ${text(data['reason'])}` };
  }
  if (name === 'deployment-failed') {
    const gateways = Array.isArray(data['gateways'])
      ? (data['gateways'] as { name?: unknown; problems?: { message?: unknown }[] }[])
      : [];
    const problems = gateways.flatMap((gateway) =>
      (gateway.problems ?? []).map((problem) => `\n  ${text(gateway.name)}: ${text(problem.message)}`),
    );
    const what = data['reason'] === 'timeout' ? 'a gateway did not answer in time' : 'a gateway refused it';
    return {
      done: 'failed',
      words: `${awaited.environment}: ${what}; what served before serves on${problems.slice(0, 10).join('')}`,
    };
  }
  return null;
}

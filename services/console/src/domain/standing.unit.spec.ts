import { describe, expect, it } from '@jest/globals';
import type { CommitView, DeploymentView } from '@gitway/contracts';
import { commit as older, deployment, environment, snapshot, source } from '../testing/samples.ts';
import { standingOf, type Known } from './standing.ts';

const head = 'c'.repeat(40);
const ref = 'refs/heads/main';
const at = '2026-11-23T10:00:00.000Z';
const production = environment('production');
const live: DeploymentView = { ...deployment('live'), cause: 'promotion' };
const ofHead = (state: DeploymentView['state'], detail: string): DeploymentView => ({
  ...deployment(state),
  deployment: '7f1f9d3c-7f35-4f0a-9a2e-0c2a8f6f3b11',
  commit: head,
  detail,
});
const judged = (outcome: 'validated' | 'rejected' | null, errors = 0): CommitView => ({
  source: 'demo',
  ref,
  commit: head,
  author: { name: 'Ada', email: 'ada@example.com' },
  message: 'm',
  validatedAt: at,
  durationMs: 1,
  counts: { errors, warnings: 0, infos: 0 },
  report: snapshot,
  environments: outcome === null ? [] : [{ name: 'production', outcome, snapshot: null }],
});
const heads = (commit: string) => [{ ...source, heads: [{ ref, commit, detectedAt: at }] }];
const known = (part: Partial<Known> = {}): Known => ({
  sources: heads(head),
  commits: [judged('validated')],
  deployments: [live],
  ...part,
});

describe('an environment', () => {
  it('is in step when it serves the head of its branch, and says by what', () => {
    expect(standingOf(production, known({ sources: heads(older) }))).toEqual({
      environment: 'production',
      cause: 'promotion',
      head: { source: 'demo', ref, commit: older },
      state: 'in-step',
      why: null,
      detail: '',
    });
  });

  it('says what a head was refused for, also where not even its environments could be read', () => {
    for (const commits of [[judged('rejected', 1)], [judged(null, 1)]]) {
      expect(standingOf(production, known({ commits }))).toMatchObject({
        state: 'behind',
        why: 'refused',
        detail: '1 error: gitway report cccccccc',
      });
    }
  });

  it.each([
    ['waiting', 'waiting', 'soaks in staging'],
    ['awaiting-approval', 'awaiting-approval', 'waits for approval: 0 of 1'],
    ['applying', 'deploying', 'waiting for edge'],
    ['failed', 'failed', 'edge: no port'],
    ['superseded', 'superseded', 'another went live after it'],
  ] as const)('a head that is %s: %s', (state, why, detail) => {
    const deployments = [ofHead(state, detail), live];
    expect(standingOf(production, known({ deployments }))).toMatchObject({ state: 'behind', why, detail });
  });

  it('tells a head that a person holds back from one that is pinned away', () => {
    const deployments = [ofHead('superseded', 'aaaaaaaa went live after it'), { ...live, cause: 'command' as const }];
    expect(standingOf(production, known({ deployments }))).toMatchObject({ why: 'held-by-command', cause: 'command' });
    const pin = { bad: snapshot, badCommit: head, since: at, reason: 'errors went up' };
    const back = [{ ...live, cause: 'rollback' as const }, ofHead('rolled-back', 'errors went up')];
    expect(standingOf({ ...production, pin }, known({ deployments: back }))).toMatchObject({
      why: 'pinned',
      detail: 'errors went up',
      cause: 'rollback',
    });
  });

  it('that is pinned lets a newer head be what it is', () => {
    const pin = { bad: snapshot, badCommit: 'd'.repeat(40), since: at, reason: 'errors' };
    const refused = standingOf({ ...production, pin }, known({ commits: [judged('rejected', 2)] }));
    expect(refused.why).toBe('refused');
    const next = ofHead('waiting', 'soaks');
    expect(standingOf({ ...production, pin, next }, known())).toMatchObject({ why: 'waiting' });
  });

  it('says when its head is not judged yet, not taken up yet, or without it', () => {
    expect(standingOf(production, known({ commits: [] })).why).toBe('judging');
    expect(standingOf(production, known()).why).toBe('waiting');
    const other = { ...judged('validated'), environments: [] };
    expect(standingOf(production, known({ commits: [other] })).why).toBe('not-declared');
  });

  it('never claims what nobody said', () => {
    expect(standingOf(production, known({ sources: null }))).toMatchObject({
      state: 'unknown',
      detail: 'git-watcher does not answer',
    });
    expect(standingOf(production, known({ deployments: null })).state).toBe('unknown');
    expect(standingOf(production, known({ deployments: [] })).detail).toBe('nothing came here yet');
    expect(standingOf(production, known({ sources: [source] })).detail).toBe(`demo does not follow ${ref} any more`);
    expect(standingOf(production, known({ commits: null }))).toMatchObject({
      state: 'behind',
      why: null,
      detail: 'the validator does not answer',
    });
  });
});

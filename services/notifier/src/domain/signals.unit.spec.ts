import { describe, expect, it } from '@jest/globals';
import { allEvents, type EventEnvelope } from '@gitway/contracts';
import { signalsOf } from './signals.ts';

const event = (fact: string, data: object): EventEnvelope => {
  const definition = allEvents.find((each) => each.fact === fact)!;
  return {
    id: 'e-1',
    type: definition.type,
    source: `/gitway/${definition.owner}`,
    subject: `gitway.${definition.owner}.${fact}.x`,
    time: '2026-01-01T00:00:00.000Z',
    correlationId: 'c-1',
    causationId: null,
    traceparent: null,
    data,
  };
};

const place = { source: 'shop', ref: 'refs/heads/main', environment: 'staging' };
const bad = 'b'.repeat(40);
const good = 'a'.repeat(40);
const author = { name: 'Ada', email: 'ada@example.com' };
const revision = (commit: string) => ({ commit, snapshot: `sha256-${commit.slice(0, 1).repeat(64)}` });
const brief = (fact: string, data: object) =>
  signalsOf(event(fact, data)).map((signal) => `${signal.kind} ${signal.key}`);

describe('signalsOf', () => {
  it.each([
    [
      'deployment-failed',
      { ...place, commit: bad, deployment: 'd', reason: 'timeout', gateways: [] },
      ['raise deployment/staging'],
    ],
    [
      'deployed',
      { ...place, commit: good, deployment: 'd', cause: 'commit' },
      ['resolve deployment/staging', 'resolve regression/staging'],
    ],
    ['deployed', { ...place, commit: good, deployment: 'd', cause: 'rollback' }, ['resolve deployment/staging']],
    [
      'traffic-judged',
      { ...place, commit: bad, deployment: 'd', outcome: 'regressed', evidence: [] },
      ['raise regression/staging'],
    ],
    ['traffic-judged', { ...place, commit: bad, deployment: 'd', outcome: 'healthy', evidence: [] }, []],
    ['traffic-judged', { ...place, commit: bad, deployment: 'd', outcome: 'inconclusive', evidence: [] }, []],
    [
      'rolled-back',
      { ...place, deployment: 'd', from: revision(bad), to: revision(good), detail: 'x' },
      ['raise regression/staging'],
    ],
    ['pin-lifted', { ...place, by: revision(good) }, ['resolve regression/staging', 'resolve write-back/staging']],
    ['write-back-failed', { ...place, reverted: bad, restored: good, reason: 'x' }, ['raise write-back/staging']],
    ['revert-committed', { ...place, commit: good }, ['note regression/staging', 'resolve write-back/staging']],
    [
      'drift-detected',
      { ...place, gateway: 'edge', drift: 'd', action: 'heal', fields: [{ path: 'x' }] },
      ['raise drift/staging/edge'],
    ],
    ['drift-resolved', { ...place, gateway: 'edge', how: 'healed' }, ['resolve drift/staging/edge']],
    ['source-failed', { source: 'shop', reason: 'x', failures: 3 }, ['raise source/shop']],
    ['source-recovered', { source: 'shop', failures: 3 }, ['resolve source/shop']],
    ['replay-requested', { service: 'validator', sequence: 3, actor: 'ada' }, ['resolve dead-letters/validator']],
    ['commit-detected', {}, []],
    ['usage-summarised', {}, []],
    ['approval-requested', {}, []],
  ])('%s %j', (fact, data, expected) => {
    expect(brief(fact, data)).toEqual(expected);
  });

  it('says of a refused commit where it is wrong, and lets no other environment’s approval of it hide that', () => {
    const [raise] = signalsOf(
      event('commit-rejected', {
        ...place,
        commit: bad,
        author,
        environments: ['staging', 'production'],
        counts: { errors: 2, warnings: 0, infos: 0 },
        findings: [
          {
            rule: 'unknown-field',
            severity: 'error',
            where: { file: 'apis/a.yaml', range: { line: 3, column: 5, endLine: 3, endColumn: 9 } },
            message: 'rateLimits is not a field.',
          },
        ],
      }),
    );
    expect(raise).toMatchObject({ kind: 'raise', severity: 'minor', environment: null, about: bad });
    expect(raise!.text).toBe('bbbbbbbb by Ada has 2 errors: apis/a.yaml:3:5 rateLimits is not a field.');
    const [resolve] = signalsOf(event('commit-validated', { ...place, commit: bad, author }));
    expect(resolve).toMatchObject({ kind: 'resolve', key: raise!.key, exceptAbout: bad });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { CompileResult } from '@gitway/compiler';
import { commitRejected, commitValidated, type Finding, type Snapshot } from '@gitway/contracts';
import { branchOf, type Detected, judge, outcomesOf, reportOf } from './judgement.ts';

const digest = (letter: string) => `sha256-${letter.repeat(64)}`;
const none = { errors: 0, warnings: 0, infos: 0 };
const detected: Detected = {
  source: 'shop',
  repository: 'https://git.example.com/shop.git',
  ref: 'refs/heads/main',
  commit: 'a'.repeat(40),
  previousCommit: null,
  tree: { digest: digest('0'), files: 1, bytes: 1 },
  changes: { total: 0, paths: [] },
  author: { name: 'Ada', email: 'ada@example.com' },
  committedAt: '2026-01-01T00:00:00.000Z',
  message: 'Change something',
  trigger: 'poll',
  writtenFor: 'event-7',
  times: { receivedAt: '2026-01-01T00:00:00.100Z', detectedAt: '2026-01-01T00:00:00.200Z' },
};
const snapshotOf = (environment: string, ...apis: string[]): Snapshot => ({
  environment,
  units: apis.map((name) => ({ kind: 'api', name, digest: digest('1') })),
});
const compiled = (name: string, snapshot: Snapshot | null): CompileResult['environments'][number] => ({
  name,
  snapshot,
  digest: snapshot === null ? null : digest('2'),
  units: new Map(),
  findings: [],
  suppressed: [],
  counts: none,
});
const errors = (count: number): Finding[] =>
  Array.from({ length: count }, (_, index) => ({
    rule: 'missing-file',
    severity: 'error',
    where: { file: `${index}.yaml`, field: 'f'.repeat(5_000) },
    message: 'm'.repeat(5_000),
    hint: 'h'.repeat(5_000),
  }));
const result = (environments: CompileResult['environments'], findings: Finding[] = []): CompileResult => ({
  environments,
  documents: new Map(),
  remote: new Map(),
  findings,
  suppressed: [],
  counts: { ...none, errors: findings.length },
});
const at = '2026-01-01T00:00:01.000Z';

describe('judge', () => {
  it('states one fact per environment, with what differs from the snapshot before', () => {
    const before = new Map([['staging', snapshotOf('staging', 'dogs')]]);
    const input = result([
      compiled('staging', snapshotOf('staging', 'pets')),
      compiled('production', snapshotOf('production', 'pets')),
    ]);
    const { validated, rejected } = judge(detected, input, digest('3'), before, at);
    expect(rejected).toBeNull();
    expect(validated.map(({ data }) => [data.environment, data.changes.units])).toEqual([
      [
        'staging',
        [
          { change: 'added', kind: 'api', name: 'pets' },
          { change: 'removed', kind: 'api', name: 'dogs' },
        ],
      ],
      ['production', [{ change: 'added', kind: 'api', name: 'pets' }]],
    ]);
    for (const { data } of validated) expect(commitValidated.data.parse(data)).toEqual(data);
    expect(validated[0]?.data).toMatchObject({ writtenFor: 'event-7', times: { ...detected.times, validatedAt: at } });
  });

  it('bounds what it tells of changes, and counts them all', () => {
    const many = snapshotOf('staging', ...Array.from({ length: 700 }, (_, index) => `a${index}`));
    const { validated } = judge(detected, result([compiled('staging', many)]), digest('3'), new Map(), at);
    expect(validated[0]?.data.changes).toMatchObject({ total: 700, units: { length: 500 } });
    expect(commitValidated.data.safeParse(validated[0]?.data).success).toBe(true);
  });

  it('names the environments that are refused beside those that are not', () => {
    const input = result([compiled('staging', snapshotOf('staging', 'pets')), compiled('production', null)], errors(1));
    const { validated, rejected } = judge(detected, input, digest('3'), new Map(), at);
    expect(validated.map(({ environment }) => environment)).toEqual(['staging']);
    expect(rejected?.environments).toEqual(['production']);
    expect(outcomesOf(input)).toEqual([
      { name: 'staging', outcome: 'validated', snapshot: digest('2') },
      { name: 'production', outcome: 'rejected', snapshot: null },
    ]);
  });

  it('rejects where not even an environment could be read, in a message that fits whatever was found', () => {
    const input = result([], errors(6_000));
    const { rejected } = judge(detected, input, digest('3'), new Map(), at);
    expect(rejected).toMatchObject({ environments: [], counts: { errors: 6_000 }, findings: { length: 50 } });
    expect(commitRejected.data.safeParse(rejected).success).toBe(true);
    expect(JSON.stringify(rejected).length).toBeLessThan(500_000);
    expect(reportOf(detected, input)).toMatchObject({ findings: { length: 5_000 }, counts: { errors: 6_000 } });
  });
});

it('a report says of which environment a finding is, where there are several', () => {
  const [shared, own, other] = errors(3);
  const environments = [
    { ...compiled('staging', snapshotOf('staging', 'pets')), findings: [own!] },
    { ...compiled('production', null), findings: [own!, other!] },
  ];
  const report = reportOf(detected, result(environments, [shared!, own!, other!]));
  expect(report.environments.map(({ findings }) => findings)).toEqual([[1], [1, 2]]);
  expect(reportOf(detected, result([environments[0]!], [shared!, own!])).environments[0]).not.toHaveProperty(
    'findings',
  );
});

describe('branchOf', () => {
  it.each([
    ['refs/heads/main', 'main'],
    ['refs/heads/feature/x', 'feature/x'],
    ['refs/tags/v1', 'refs/tags/v1'],
  ])('%s → %s', (ref, branch) => {
    expect(branchOf(ref)).toBe(branch);
  });
});

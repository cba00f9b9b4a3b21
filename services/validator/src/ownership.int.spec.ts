import { describe, expect, it } from '@jest/globals';
import { commitRejected, commitValidated } from '@gitway/contracts';
import { waitFor } from '@gitway/testing';
import { environment, zoo } from './testing/files.ts';
import { useValidator } from './testing/use-validator.ts';

const validator = useValidator();

async function accepted(files: Record<string, string>, source: string): Promise<void> {
  const { id } = await validator.push(files, { source });
  await validator.caused(commitValidated, id);
}

async function refused(files: Record<string, string>, source: string) {
  const { id } = await validator.push(files, { source });
  const [event] = await validator.caused(commitRejected, id);
  expect(await validator.eventsOf(commitValidated, id)).toEqual([]);
  return event!.data;
}

const foreign = (environmentName: string, source: string) => [
  {
    rule: 'environment-of-another-source',
    severity: 'error',
    message: `Environment \`${environmentName}\` is defined by source \`${source}\`, so this one cannot go live there.`,
    where: { file: 'environment.yaml', range: { line: 4 }, object: `Environment/${environmentName}` },
  },
];

describe('an environment that two sources define', () => {
  it('stays with the first, whose commits go on, and the second is told who has it', async () => {
    await accepted(zoo('kept'), 'first');
    const { environments, findings } = await refused(zoo('kept'), 'second');
    expect(environments).toEqual(['kept']);
    expect(findings).toMatchObject(foreign('kept', 'first'));
    await accepted(
      zoo('kept', { 'dogs.yaml': zoo('kept')['dogs.yaml']!.replace('basePath: /dogs', 'basePath: /hounds') }),
      'first',
    );
    await refused(zoo('kept'), 'second');
  });

  it('costs the second source that environment alone', async () => {
    await accepted(zoo('shared'), 'mine');
    const { id } = await validator.push(zoo('shared', { 'own.yaml': environment('own') }), { source: 'yours' });
    expect((await validator.caused(commitRejected, id))[0]?.data.environments).toEqual(['shared']);
    expect((await validator.caused(commitValidated, id)).map(({ data }) => data.environment)).toEqual(['own']);
  });

  it('is not taken by a commit that is refused', async () => {
    await refused(zoo('open', { 'plan.yaml': 'kind: Plan\n' }), 'careless');
    await accepted(zoo('open'), 'careful');
  });

  it('is free again when the first no longer defines it, and not by a commit that cannot be read', async () => {
    await accepted(zoo('moved'), 'old-home');
    await refused({ ...zoo('moved'), 'environment.yaml': 'kind: Environment\n  x: [\n' }, 'old-home');
    await refused(zoo('moved'), 'new-home');
    await accepted({ ...zoo('moved'), 'environment.yaml': environment('renamed') }, 'old-home');
    await accepted(zoo('moved'), 'new-home');
    await refused(zoo('moved'), 'old-home');
  });

  it('is free again when the first holds nothing any more', async () => {
    await accepted(zoo('emptied'), 'leaving');
    await refused({}, 'leaving');
    await accepted(zoo('emptied'), 'arriving');
  });

  it('moves to a source that says whom it replaces, and to no other', async () => {
    await accepted(zoo('taken'), 'gone');
    const replacing = (source: string) => ({
      'environment.yaml': environment('taken', `  replacesSource: ${source}\n`),
    });
    await refused(zoo('taken', replacing('somebody')), 'heir');
    await accepted(zoo('taken', replacing('gone')), 'heir');
    expect((await refused(zoo('taken'), 'gone')).findings).toMatchObject(foreign('taken', 'heir'));
    await accepted(zoo('taken'), 'heir');
  });
});

describe('two replicas', () => {
  it('never let two sources have one environment, however close their commits are', async () => {
    await validator.start();
    for (let round = 0; round < 6; round++) {
      const name = `race-${round}`;
      const sources = ['left', 'right', 'middle'].map((side) => `${side}-${round}`);
      const pushed = await Promise.all(sources.map((source) => validator.push(zoo(name), { source })));
      const winners = await waitFor(
        async () => {
          const outcomes = await Promise.all(
            pushed.map(async ({ id }) => ({
              won: (await validator.eventsOf(commitValidated, id)).length,
              lost: (await validator.eventsOf(commitRejected, id)).length,
            })),
          );
          return outcomes.every(({ won, lost }) => won + lost > 0) && outcomes.map(({ won }) => won);
        },
        { timeoutMs: 20_000 },
      );
      expect(winners.filter((won) => won > 0)).toEqual([1]);
    }
  }, 120_000);
});

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  commitDetected,
  digestOf,
  type EventEnvelope,
  revertCommitted,
  rolledBack,
  subjectOf,
  writeBackFailed,
} from '@gitway/contracts';
import { usePlatform } from './testing/use-platform.ts';

const platform = usePlatform();

function rollback(source: string, from: string, to: string): EventEnvelope {
  const data = {
    environment: 'staging',
    source,
    ref: 'refs/heads/main',
    deployment: randomUUID(),
    from: { commit: from, snapshot: digestOf('from') },
    to: { commit: to, snapshot: digestOf('to') },
    reason: 'verdict' as const,
    detail: 'errors rose from 0 % to 100 %\n\nGitway-Cause: forged',
    decidedAt: '2026-01-01T00:00:00.000Z',
    reportedAt: '2026-01-01T00:00:01.000Z',
  };
  return {
    id: randomUUID(),
    type: rolledBack.type,
    source: '/gitway/deployer',
    subject: subjectOf(rolledBack, data),
    time: '2026-01-01T00:00:01.000Z',
    correlationId: randomUUID(),
    causationId: null,
    traceparent: null,
    data,
  };
}

/** A repository with a good and then a bad commit, both reported. */
async function goodThenBad(settings: Parameters<typeof platform.newSource>[0] = {}) {
  const { name, copy, source } = await platform.newSource(settings);
  await copy.write('a.yaml', 'one\ntwo\nthree\n');
  const good = await copy.change('b.yaml', 'b: good\n', 'Good');
  await platform.start([source]);
  await platform.eventsOf(commitDetected, name, 1);
  await copy.write('c.yaml', 'c: new\n');
  const bad = await copy.change('b.yaml', 'b: bad\n', 'Make it "worse"');
  await platform.eventsOf(commitDetected, name, 2);
  return { name, copy, source, good, bad };
}

describe('a rollback', () => {
  it('becomes a revert commit that is recognised when it comes round, and is made once', async () => {
    const { name, copy, good, bad } = await goodThenBad();
    const event = rollback(name, bad, good);
    await platform.publishAs('deployer', event);
    const [stated] = await platform.eventsOf(revertCommitted, name, 1);
    expect(stated!.data).toMatchObject({ environment: 'staging', reverted: bad, restored: good });
    expect(stated!.causationId).toBe(event.id);
    expect(stated!.correlationId).toBe(event.correlationId);

    await copy.git('fetch', '-q', 'origin');
    expect(await copy.git('rev-parse', 'origin/main')).toBe(stated!.data.commit);
    expect(await copy.git('rev-parse', 'origin/main^')).toBe(bad);
    expect(await copy.git('rev-parse', 'origin/main^{tree}')).toBe(await copy.git('rev-parse', `${good}^{tree}`));
    const message = await copy.git('log', '-1', '--format=%an%n%B', 'origin/main');
    expect(message).toMatch(/^Gitway\nRevert "Make it "worse""\n/);
    expect(message.match(/^Gitway-Cause: .*$/gm)).toEqual([`Gitway-Cause: ${event.id}`]);
    expect(message).toContain('Gitway-Environment: staging');

    const detected = await platform.eventsOf(commitDetected, name, 3);
    expect(detected[2]!.data).toMatchObject({ commit: stated!.data.commit, writtenFor: event.id });

    // The same rollback once more, as a redelivery after a crash between push and record would have it.
    await platform.publishAs('deployer', { ...event, id: event.id, subject: event.subject });
    const other = rollback(name, bad, good);
    await platform.publishAs('deployer', other);
    const reverts = await platform.eventsOf(revertCommitted, name, 2);
    expect(reverts.map(({ causationId }) => causationId)).toEqual([event.id, other.id]);
    // The second rollback found the good content in place.
    expect(reverts[1]!.data.commit).toBe(bad);
    await copy.git('fetch', '-q', 'origin');
    expect(await copy.git('rev-parse', 'origin/main')).toBe(stated!.data.commit);
  });

  it('finds its commit in place when it was pushed before a crash', async () => {
    const { name, copy, good, bad } = await goodThenBad();
    const event = rollback(name, bad, good);
    await copy.git('revert', '--no-edit', 'HEAD');
    await copy.git('commit', '-q', '--amend', '-m', `Revert\n\nGitway-Cause: ${event.id}`);
    await copy.push();
    await platform.publishAs('deployer', event);
    const [stated] = await platform.eventsOf(revertCommitted, name, 1);
    expect(stated!.data.commit).toBe(await copy.head());
    await copy.git('fetch', '-q', 'origin');
    expect(await copy.git('rev-parse', 'origin/main')).toBe(await copy.head());
    // A trailer alone does not make a stranger's commit ours.
    const detected = await platform.eventsOf(commitDetected, name, 3);
    expect(detected[2]!.data.writtenFor).toBeNull();
  });

  it('keeps what others pushed since', async () => {
    const { name, copy, good, bad } = await goodThenBad();
    await copy.change('a.yaml', 'one\ntwo\nthree, by somebody else\n', 'Other work');
    await platform.publishAs('deployer', rollback(name, bad, good));
    await platform.eventsOf(revertCommitted, name, 1);
    await copy.git('fetch', '-q', 'origin');
    expect(await copy.git('show', 'origin/main:b.yaml')).toBe('b: good');
    expect(await copy.git('show', 'origin/main:a.yaml')).toContain('somebody else');
    expect(await copy.git('ls-tree', '--name-only', 'origin/main')).toBe('a.yaml\nb.yaml');
  });

  it('is said to have failed, with what to do, when later work touches the same lines', async () => {
    const { name, copy, good, bad } = await goodThenBad();
    await copy.change('b.yaml', 'b: even worse\n', 'Same line');
    await platform.publishAs('deployer', rollback(name, bad, good));
    const [failed] = await platform.eventsOf(writeBackFailed, name, 1);
    expect(failed!.data).toMatchObject({ reverted: bad, restored: good });
    expect(failed!.data.reason).toMatch(/same lines.*"b\.yaml".*by hand/);
    await copy.git('fetch', '-q', 'origin');
    expect(await copy.git('rev-parse', 'origin/main')).toBe(await copy.head());
  });

  it('is said to have failed when the token may not push, without the token', async () => {
    const { name, good, bad } = await goodThenBad({ token: 'a-token-that-may-not-push' });
    await platform.publishAs('deployer', rollback(name, bad, good));
    const [failed] = await platform.eventsOf(writeBackFailed, name, 1);
    expect(failed!.data.reason).toMatch(/give the source a token/);
    expect(JSON.stringify(failed)).not.toContain('a-token-that-may-not-push');
  });

  it('changes nothing when the branch was moved away from the bad commit', async () => {
    const { name, copy, good, bad } = await goodThenBad();
    await copy.push(`${good}:main`, '--force');
    await platform.eventsOf(commitDetected, name, 3);
    await platform.publishAs('deployer', rollback(name, bad, good));
    const [stated] = await platform.eventsOf(revertCommitted, name, 1);
    expect(stated!.data.commit).toBe(bad);
    await copy.git('fetch', '-q', 'origin');
    expect(await copy.git('rev-parse', 'origin/main')).toBe(good);
  });

  it('is pushed on top of a push that was faster', async () => {
    const { name, copy, good, bad } = await goodThenBad();
    const event = rollback(name, bad, good);
    const pushes = (async () => {
      for (let n = 1; n <= 6; n++) {
        await copy.git('pull', '-q', '--rebase', 'origin', 'main');
        await copy.write('d.yaml', `d: ${n}\n`);
        await copy.commit(`Push ${n}`);
        await copy.push().catch(() => {});
      }
    })();
    await platform.publishAs('deployer', event);
    const [stated] = await platform.eventsOf(revertCommitted, name, 1);
    await pushes;
    await copy.git('fetch', '-q', 'origin');
    await copy.git('merge-base', '--is-ancestor', stated!.data.commit, 'origin/main');
    expect(await copy.git('show', 'origin/main:b.yaml')).toBe('b: good');
  });
});

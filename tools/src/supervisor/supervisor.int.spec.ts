import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { rotateWhenLarge } from './log-files.ts';
import { endOrphans, notePid } from './orphans.ts';
import { identityOf, isRunning } from './process-identity.ts';
import { lockOwner, tryLock } from './process-lock.ts';
import type { ProcessSpec, Stage } from './process-spec.ts';
import { findDeathGuard, Supervisor } from './supervisor.ts';

const directory = mkdtempSync(join(tmpdir(), 'gitway-supervisor-'));
let counter = 0;
const running: Supervisor[] = [];

function supervisor(events: string[] = []): Supervisor {
  counter += 1;
  const base = join(directory, String(counter));
  const created = new Supervisor({
    runDirectory: join(base, 'run'),
    logDirectory: join(base, 'logs'),
    onEvent: (event) => events.push(`${event.kind} ${event.process}`),
  });
  running.push(created);
  return created;
}

/** A process that creates `<name>.ready`, notes its end in `order`, and runs until it is told to end. */
function spec(name: string, stage: Stage, more: Partial<ProcessSpec> = {}): ProcessSpec {
  const base = join(directory, String(counter));
  mkdirSync(base, { recursive: true });
  const ready = join(base, `${name}.ready`);
  const script = `const fs = require('fs'); fs.writeFileSync(${JSON.stringify(ready)}, String(process.pid));
    process.on('SIGTERM', () => { fs.appendFileSync(${JSON.stringify(join(base, 'order'))}, ${JSON.stringify(`${name} `)}); process.exit(0); });
    setInterval(() => {}, 1000);`;
  return {
    name,
    stage,
    command: process.execPath,
    args: ['-e', script],
    env: {},
    dependsOn: [],
    ready: { kind: 'file', path: ready },
    readyWithinMs: 10_000,
    stop: { signal: 'SIGTERM', graceMs: 3_000 },
    ...more,
  };
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`not within 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop(true)));
});

describe('supervisor', () => {
  it('starts in the order of dependencies and stops stage by stage', async () => {
    const events: string[] = [];
    const tested = supervisor(events);
    await tested.start([
      spec('validator', 'service', { dependsOn: ['nats'] }),
      spec('edge', 'gateway', { dependsOn: ['validator'] }),
      spec('nats', 'server'),
    ]);
    expect(events.filter((event) => event.startsWith('ready'))).toEqual([
      'ready nats',
      'ready validator',
      'ready edge',
    ]);
    await tested.stop();
    expect(readFileSync(join(directory, String(counter), 'order'), 'utf8')).toBe('validator edge nats ');
  });

  it('restarts what was killed', async () => {
    const tested = supervisor();
    await tested.start([spec('validator', 'service')]);
    const before = tested.get('validator').pid;
    await tested.get('validator').signal('SIGKILL');
    await until(() => tested.get('validator').state === 'ready' && tested.get('validator').pid !== before, 'restarted');
    expect(tested.get('validator').restarts).toBe(1);
  });

  it('says which process does not come up, why, and where its log is', async () => {
    const tested = supervisor();
    const broken = spec('validator', 'service', { args: ['-e', 'console.error("no such database"); process.exit(3)'] });
    const outcome = tested.start([broken]);
    await expect(outcome).rejects.toThrow(/validator ended 6 times: exit code 3[^]*no such database[^]*validator\.log/);
  });

  it('gives up at once on a process that refuses its configuration, and says what it said this time', async () => {
    const events: string[] = [];
    const tested = supervisor(events);
    const logs = join(directory, String(counter), 'logs');
    mkdirSync(logs, { recursive: true });
    writeFileSync(join(logs, 'git-watcher.log'), 'of an earlier start\n');
    const script = 'console.error("GITWAY_SOURCES: must be JSON"); process.exit(2)';
    const outcome = tested.start([spec('git-watcher', 'service', { args: ['-e', script], usageExitCode: 2 })]);
    await expect(outcome).rejects.toMatchObject({
      kind: 'invalid-input',
      message: `git-watcher refuses its configuration:\n  GITWAY_SOURCES: must be JSON\n  (${join(logs, 'git-watcher.log')})`,
    });
    expect(events).toEqual(['started git-watcher']);
  });

  it('names a command that does not exist', async () => {
    const tested = supervisor();
    await expect(tested.start([spec('nats', 'server', { command: '/nowhere/nats-server' })])).rejects.toThrow(
      /nats ended 6 times[^]*\/nowhere\/nats-server|nats ended 6 times: it could not be run/,
    );
  });

  it('ends by force what ignores the request', async () => {
    const tested = supervisor();
    const path = join(directory, String(counter), 'deaf.ready');
    const script = `process.on('SIGTERM', () => {}); require('fs').writeFileSync(${JSON.stringify(path)}, ''); setInterval(() => {}, 1000);`;
    await tested.start([spec('deaf', 'service', { args: ['-e', script], stop: { signal: 'SIGTERM', graceMs: 200 } })]);
    const identity = identityOf(tested.get('deaf').pid ?? 0);
    await tested.stop();
    expect(isRunning(identity)).toBe(false);
  });

  it('lets a process that does not append go on at the end of its output', async () => {
    const tested = supervisor();
    const out = join(directory, String(counter), 'access.log');
    const ready = join(directory, String(counter), 'writer.ready');
    mkdirSync(join(directory, String(counter)), { recursive: true });
    writeFileSync(out, 'an earlier line\n');
    // What HAProxy does: sets its own flags on the descriptor, O_APPEND not among them.
    const script = `use Fcntl; fcntl(STDOUT, F_SETFL, O_NONBLOCK); syswrite(STDOUT, "a new line\\n");
      open(my $ready, '>', ${JSON.stringify(ready)}); close($ready); sleep 600;`;
    await tested.start([
      spec('writer', 'gateway', {
        command: 'perl',
        args: ['-e', script],
        stdoutFile: out,
        ready: { kind: 'file', path: ready },
      }),
    ]);
    expect(readFileSync(out, 'utf8')).toBe('an earlier line\n\na new line\n');
  });

  it('refuses a table with a circle or an unknown dependency', async () => {
    const circle = supervisor().start([
      spec('a', 'service', { dependsOn: ['b'] }),
      spec('b', 'service', { dependsOn: ['a'] }),
    ]);
    await expect(circle).rejects.toThrow('a → b → a wait for each other');
    const unknown = supervisor().start([spec('a', 'service', { dependsOn: ['nats'] })]);
    await expect(unknown).rejects.toThrow('a depends on nats, which is not in the table');
  });

  it('leaves nothing behind when its own process is killed', async () => {
    const guard = findDeathGuard()('SIGKILL');
    if (guard.length === 0) return;
    const script = `const { spawn } = require('child_process');
      const child = spawn(${JSON.stringify(guard[0])}, [...${JSON.stringify(guard.slice(1))}, 'sleep', '600'], { detached: true });
      console.log(child.pid); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (line) => resolve(Number(line))));
    const identity = identityOf(pid);
    expect(isRunning(identity)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isRunning(identity), 'the child of the killed process ended');
  });
});

describe('orphans', () => {
  it('are ended by pid and start time, and another process with the same pid is not', async () => {
    const run = join(directory, 'orphans');
    mkdirSync(run, { recursive: true });
    const orphan = spawn('sleep', ['600'], { detached: true });
    notePid(run, 'orphan', orphan.pid ?? 0);
    writeFileSync(join(run, 'other.pid'), JSON.stringify({ pid: process.pid, startedAt: '1' }));
    expect(await endOrphans(run)).toEqual(['orphan']);
    expect(isRunning(identityOf(orphan.pid ?? 0))).toBe(false);
  });
});

describe('process lock', () => {
  it('is held by one, names its owner, and is free again when the owner died', async () => {
    const file = join(directory, 'lock');
    const first = tryLock(file, 'the first');
    expect(first.taken).toBe(true);
    expect(tryLock(file, 'the second')).toMatchObject({ taken: false, owner: { pid: process.pid, note: 'the first' } });
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: '1', note: 'an earlier process with this pid' }));
    expect(lockOwner(file)).toBeNull();
    expect(tryLock(file, 'the third').taken).toBe(true);
  });
});

describe('log rotation', () => {
  it('keeps one earlier file and begins the log anew, for a writer that appends', () => {
    const file = join(directory, 'x.log');
    writeFileSync(file, 'a'.repeat(100));
    expect(rotateWhenLarge(file, 100)).toBe(false);
    writeFileSync(file, 'b'.repeat(101));
    expect(rotateWhenLarge(file, 100)).toBe(true);
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('b'.repeat(101));
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});

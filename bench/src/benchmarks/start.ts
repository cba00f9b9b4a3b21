import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '@gitway/tools';
import type { Benchmark } from '../benchmark.ts';
import { figure } from '../figure.ts';

const COLD_LIMIT_MS = 240_000;
const WARM_LIMIT_MS = 20_000;
const IDLE_MS = 10_000;

export const start: Benchmark = {
  name: 'start',
  title: 'A fresh clone until the example is live, a second start, and what it takes in memory',
  figures: ['start.cold', 'start.warm', 'memory.platform'],
  async run(context) {
    const clone = join(context.folder, 'gitway');
    await exec('git', ['clone', '-q', repositoryRoot, clone], context.folder);
    context.say('cold start of a fresh clone: dependencies, build, servers, services, first push');
    const cold = await startAndStop(clone, COLD_LIMIT_MS * 2);
    context.say(`live after ${Math.round(cold.liveMs / 1000)} s; second start`);
    const warm = await startAndStop(clone, COLD_LIMIT_MS, IDLE_MS);
    await stopMirrors(clone);
    return [
      figure({
        id: 'start.cold',
        value: cold.liveMs,
        unit: 'ms',
        goal: COLD_LIMIT_MS,
        better: 'lower',
        inputs:
          'git clone of the committed state, npm start, nothing installed but Node and git; until the example is live',
        note: 'package caches of the machine may be warm',
      }),
      figure({
        id: 'start.warm',
        value: warm.liveMs,
        unit: 'ms',
        goal: WARM_LIMIT_MS,
        better: 'lower',
        inputs: 'npm start again in the same clone, until everything is ready',
        note: '',
      }),
      figure({
        id: 'memory.platform',
        value: warm.memoryMb ?? 0,
        unit: 'MB',
        goal: null,
        better: 'lower',
        inputs: `proportional set size of every process, servers included, ${IDLE_MS / 1000} s after ready`,
        note: warm.memoryMb === null ? 'not known on this system' : `${warm.processes} processes`,
      }),
    ];
  },
};

interface Start {
  readonly liveMs: number;
  readonly memoryMb: number | null;
  readonly processes: number;
}

/** Runs `npm start -- --json` until it tells that it is live, then ends it as Ctrl-C does. */
async function startAndStop(folder: string, limitMs: number, idleMs = 0): Promise<Start> {
  const began = performance.now();
  const child = spawn('npm', ['start', '--silent', '--', '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-4_000)));
  try {
    await untilSummary(child, limitMs, () => said);
    const liveMs = performance.now() - began;
    if (idleMs > 0) await new Promise((resolve) => setTimeout(resolve, idleMs));
    const pids = child.pid === undefined ? [] : await sessionOf(child.pid);
    return { liveMs, memoryMb: idleMs > 0 ? await proportionalMb(pids) : null, processes: pids.length };
  } finally {
    await interrupt(child);
  }
}

function untilSummary(child: ChildProcess, limitMs: number, said: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not live within ${limitMs} ms: ${said()}`)), limitMs);
    let out = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
      if (out.split('\n').some((line) => line.startsWith('{'))) {
        clearTimeout(timer);
        resolve();
      }
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${said()}`)));
  });
}

async function interrupt(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGINT');
  await exited;
}

/** The process and all its descendants. */
async function sessionOf(root: number): Promise<number[]> {
  if (!existsSync('/proc/self/stat')) return [root];
  const children = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => null);
    const parent = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const visit = (pid: number) => {
    found.push(pid);
    for (const child of children.get(pid) ?? []) visit(child);
  };
  visit(root);
  return found;
}

async function proportionalMb(pids: readonly number[]): Promise<number | null> {
  let kb = 0;
  for (const pid of pids) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    kb += Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0);
  }
  return kb === 0 ? null : kb / 1024;
}

async function stopMirrors(clone: string): Promise<void> {
  await exec('npm', ['run', '--silent', 'reset'], clone).catch(() => {});
  await rm(clone, { recursive: true, force: true });
}

function exec(command: string, args: string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} ${args[0]} ended with ${code}`)),
    );
  });
}

import { describe, expect, it } from '@jest/globals';
import { ProgressMonitor, Readiness, secretsEqual } from './index.ts';

describe('ProgressMonitor', () => {
  it('reports a beat only after its own silence, and takes a tick for a sign of life', () => {
    let now = 0;
    const monitor = new ProgressMonitor(() => now);
    const fast = monitor.beat('fast', 100);
    monitor.beat('slow', 10_000);
    now = 100;
    expect(monitor.silent()).toEqual([]);
    now = 101;
    expect(monitor.silent()).toEqual([{ name: 'fast', silentForMs: 101, maxSilenceMs: 100 }]);
    fast.tick();
    expect(monitor.silent()).toEqual([]);
    now = 10_001;
    expect(monitor.silent().map(({ name }) => name)).toEqual(['fast', 'slow']);
    fast.stop();
    expect(monitor.silent().map(({ name }) => name)).toEqual(['slow']);
  });

  it('keeps two beats of one name apart', () => {
    let now = 0;
    const monitor = new ProgressMonitor(() => now);
    monitor.beat('worker', 10);
    const second = monitor.beat('worker', 10);
    now = 20;
    second.tick();
    expect(monitor.silent()).toHaveLength(1);
  });
});

describe('Readiness', () => {
  it('does not wait for ever for a check that hangs', async () => {
    const readiness = new Readiness(10);
    readiness.add('database', () => new Promise(() => undefined));
    expect(await readiness.result()).toEqual({ ready: false, checks: { database: 'no answer within 10 ms' } });
  });

  it('survives a check that throws before it returns a promise', async () => {
    const readiness = new Readiness();
    readiness.add('odd', () => {
      throw new Error('at once');
    });
    expect(await readiness.result()).toEqual({ ready: false, checks: { odd: 'at once' } });
  });
});

describe('secretsEqual', () => {
  it('compares secrets of any length', () => {
    expect(secretsEqual('secret', 'secret')).toBe(true);
    expect(secretsEqual('secret', 'secre')).toBe(false);
    expect(secretsEqual('', 'secret')).toBe(false);
    expect(secretsEqual('ſecret', 'secret')).toBe(false);
  });
});

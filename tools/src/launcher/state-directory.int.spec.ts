import { mkdirSync, mkdtempSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadSecrets } from './secrets.ts';
import { StateDirectory } from './state-directory.ts';

const temporary = () => mkdtempSync(join(tmpdir(), 'gitway-state-'));

describe('gateway directory', () => {
  it('is reached by a path that fits a socket address, however deep the checkout lies', () => {
    const deep = join(temporary(), 'a'.repeat(60), 'b'.repeat(60));
    mkdirSync(deep, { recursive: true });
    const state = new StateDirectory(deep);
    const directory = state.gatewayDirectory('staging-edge');
    expect(`${directory}/master.sock`.length).toBeLessThanOrEqual(97);
    writeFileSync(join(directory, 'haproxy.cfg'), 'x');
    expect(realpathSync(directory)).toBe(realpathSync(join(state.data, 'gateways', 'staging-edge')));
    expect(state.gatewayDirectory('staging-edge')).toBe(directory);
  });
});

describe('secrets', () => {
  it('are made at the first start, kept, and readable by their owner alone', () => {
    const state = new StateDirectory(temporary());
    state.create();
    const first = loadSecrets(state);
    expect(first.created).toBe(true);
    expect(statSync(state.secrets).mode & 0o777).toBe(0o600);
    expect(statSync(state.demoKey).mode & 0o777).toBe(0o600);
    expect(loadSecrets(state)).toEqual({ secrets: first.secrets, created: false });
    const all = [...Object.values(first.secrets.natsPasswords), first.secrets.consoleToken, first.secrets.gitToken];
    expect(new Set(all).size).toBe(all.length);
  });

  it('are completed when a newer version needs another', () => {
    const state = new StateDirectory(temporary());
    state.create();
    const { secrets } = loadSecrets(state);
    const { demoKey: _, ...older } = secrets;
    writeFileSync(state.secrets, JSON.stringify(older));
    const { secrets: completed } = loadSecrets(state);
    expect(completed).toEqual({ ...secrets, demoKey: completed.demoKey });
    expect(completed.demoKey).not.toBe('');
  });
});

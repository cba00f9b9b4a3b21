import { describe, expect, it } from '@jest/globals';
import { runCli } from '../testing/run-cli.ts';

describe('gitway completion', () => {
  it.each(['bash', 'zsh', 'fish'])('knows every command and its options in %s', async (shell) => {
    const { exitCode, out } = await runCli(['completion', shell]);
    expect(exitCode).toBe(0);
    for (const word of ['status', 'dead-letters', 'replay', 'follow', 'reason', 'json']) expect(out).toContain(word);
  });

  it.each(['bash', 'zsh', 'fish'])('knows rules and kinds in %s', async (shell) => {
    const { out } = await runCli(['completion', shell]);
    for (const word of ['unknown-field', 'public-api-rate-limit', 'api-removed-without-deprecation', 'Notification'])
      expect(out).toContain(word);
  });

  it('leaves the variable alone that zsh ties to PATH', async () => {
    expect((await runCli(['completion', 'zsh'])).out).not.toMatch(/\bpath=/);
  });

  it('refuses shells that it does not know', async () => {
    const { exitCode, err } = await runCli(['completion', 'cmd']);
    expect(exitCode).toBe(2);
    expect(err).toContain('bash, zsh or fish');
  });
});

describe('help', () => {
  const commands = [
    'status',
    'history',
    'incidents',
    'traffic',
    'commits',
    'report',
    'events',
    'check',
    'explain',
    'deploy',
    'rollback',
    'approve',
    'dead-letters',
    'dead-letters list',
    'dead-letters replay',
    'completion',
  ];
  it.each(commands)('of %s has examples', async (command) => {
    const { exitCode, out } = await runCli([...command.split(' '), '--help']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/Examples:\n {2}\$|source <\(/);
  });

  it('follows a wrong call, with exit code 2', async () => {
    const wrong = await runCli(['stauts']);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.err).toContain('Did you mean status?');
    expect((await runCli(['events', '--limit', 'many'])).exitCode).toBe(2);
  });
});

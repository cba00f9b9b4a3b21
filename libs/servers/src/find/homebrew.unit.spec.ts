import { describe, expect, it } from '@jest/globals';
import { fakeRun } from '../testing/fake-run.ts';
import { fromHomebrew } from './homebrew.ts';

const prefix = [/^brew --prefix/, { stdout: '/opt/homebrew/opt/nats-server\n' }] as const;
const program = '/opt/homebrew/opt/nats-server/bin/nats-server';

describe('fromHomebrew', () => {
  it('installs nothing when the formula is there', async () => {
    const { run, calls } = fakeRun([prefix]);
    expect(
      await fromHomebrew(
        'nats',
        run,
        () => {},
        (file) => file === program,
      ),
    ).toBe(program);
    expect(calls.map((call) => call.line)).toEqual(['brew --prefix nats-server']);
  });

  it('installs the formula, without an update of all others and without a service', async () => {
    let installed = false;
    const { run, calls } = fakeRun([
      prefix,
      [
        /^brew install/,
        () => {
          installed = true;
          return {};
        },
      ],
    ]);
    const said: string[] = [];
    const say = (step: string, message: string) => void said.push(`${step}: ${message}`);
    expect(await fromHomebrew('nats', run, say, () => installed)).toBe(program);
    expect(calls[1]?.line).toBe('brew install --quiet nats-server');
    expect(calls[1]?.options.env).toMatchObject({ HOMEBREW_NO_AUTO_UPDATE: '1' });
    expect(said).toEqual(['install: installing nats-server with Homebrew']);
  });

  it('says why an installation failed', async () => {
    const { run } = fakeRun([prefix, [/^brew install/, { code: 1, stderr: 'Error: no bottle available\nmore' }]]);
    await expect(
      fromHomebrew(
        'nats',
        run,
        () => {},
        () => false,
      ),
    ).rejects.toThrow('brew install nats-server failed: Error: no bottle available');
  });
});

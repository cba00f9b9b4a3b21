import { describe, expect, it } from '@jest/globals';
import { waitFor } from './wait-for.ts';

describe('waitFor', () => {
  it('returns what the condition answers once it is neither false, null nor undefined', async () => {
    const answers = [false, null, undefined, 0];
    expect(await waitFor(() => answers.shift(), { intervalMs: 1 })).toBe(0);
    expect(answers).toEqual([]);
  });

  it('takes an error for "not yet"', async () => {
    let tries = 0;
    const condition = () => {
      tries += 1;
      if (tries < 3) throw new Error('away');
      return true;
    };
    expect(await waitFor(condition, { intervalMs: 1 })).toBe(true);
  });

  it('says what was waited for, how long, and the last error', async () => {
    const condition = () => Promise.reject(new Error('connection refused'));
    const waiting = waitFor(condition, { timeoutMs: 5, intervalMs: 1, message: 'the gateway' });
    await expect(waiting).rejects.toThrow('waited 5 ms for the gateway: connection refused');
    await expect(waitFor(() => false, { timeoutMs: 1, message: () => 'seen: 3' })).rejects.toThrow(
      'waited 1 ms for seen: 3',
    );
  });

  it('asks at least once, even without time', async () => {
    expect(await waitFor(() => 'there', { timeoutMs: 0 })).toBe('there');
  });
});

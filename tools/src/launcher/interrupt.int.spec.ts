import { afterEach, describe, expect, it } from '@jest/globals';
import { onInterrupt, type Interrupt } from './interrupt.ts';

let interrupt: Interrupt;
afterEach(() => interrupt.dispose());

describe('interrupt', () => {
  it('takes two signals of one key press for one, and a later one for the second', async () => {
    let now = 0;
    interrupt = onInterrupt(() => now);
    let seconds = 0;
    void interrupt.second.then(() => (seconds += 1));
    process.emit('SIGINT');
    now = 30;
    process.emit('SIGINT');
    await interrupt.first;
    expect(seconds).toBe(0);
    now = 1_000;
    process.emit('SIGTERM');
    await interrupt.second;
    expect(seconds).toBe(1);
  });
});

import { describe, expect, it } from '@jest/globals';
import { parseIdentity } from '../adapters/haproxy-answers.ts';
import { DroppedLines } from './dropped-lines.ts';

const info = (worker: number, dropped: number) =>
  parseIdentity(
    `Name: HAProxy\nPid: ${worker}\nDroppedLogs: ${dropped}\nDescription: gitway staging/edge ${'a'.repeat(16)}\n`,
  );

describe('log lines that HAProxy drops', () => {
  it('are added up over workers, each counted once', () => {
    const lines = new DroppedLines();
    const told = [info(1, 7), info(1, 9), info(1, 9), null, info(1, 10), info(2, 3), info(2, 3)];
    expect(told.map((answer) => lines.since(answer))).toEqual([0, 2, 0, 0, 1, 3, 0]);
  });
});

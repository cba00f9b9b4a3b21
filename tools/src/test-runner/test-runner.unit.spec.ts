import { describe, expect, it } from '@jest/globals';
import { runStages } from './run-stages.ts';
import { countTests, type Stage } from './stage.ts';

const report = (numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites = 0) => ({
  numPassedTests,
  numFailedTests,
  numRuntimeErrorTestSuites,
  numTotalTests: numPassedTests + numFailedTests,
});

describe('counting', () => {
  it('counts a file that could not be run as a failure', () => {
    expect(countTests(report(3, 0), 0)).toEqual({ passed: 3, failed: 0 });
    expect(countTests(report(3, 1, 2), 1)).toEqual({ passed: 3, failed: 3 });
  });

  it('does not call a run good whose exit code says otherwise', () => {
    expect(countTests(report(3, 0), 1)).toEqual({ passed: 3, failed: 1 });
  });
});

describe('stages', () => {
  it('all run and add up, whatever one of them does', async () => {
    const stage = (name: string, run: Stage['run']): Stage => ({ name, run });
    const lines: string[] = [];
    const result = await runStages(
      [
        stage('a', () => Promise.resolve({ passed: 2, failed: 1 })),
        stage('b', () => Promise.reject(new Error('the disk is full'))),
        stage('c', () => Promise.resolve({ passed: 1, failed: 0 })),
      ],
      (line) => lines.push(line),
    );
    expect(result).toEqual({ passed: 3, failed: 2 });
    expect(lines.join('\n')).toContain('the disk is full');
    expect(lines[0]).toBe('[1/3] a');
  });
});

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatFinding, lintRepository } from '../lint/lint.ts';
import { repositoryRoot } from '../repository-root.ts';

export interface StageResult {
  readonly passed: number;
  readonly failed: number;
}

export interface Stage {
  readonly name: string;
  run(): Promise<StageResult>;
}

export const tiers = ['unit', 'int', 'e2e'] as const;
export type Tier = (typeof tiers)[number];

const tool = (...path: string[]) => join(repositoryRoot, 'node_modules', ...path);

/** One check by a program: passed when it exits with 0. */
function program(name: string, args: readonly string[]): Stage {
  return {
    name,
    run: async () => ((await runNode(args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
  };
}

export const types = program('types (tsc -b)', [tool('typescript', 'bin', 'tsc'), '-b', '--pretty']);
export const lintSources = program('lint (oxlint)', [
  tool('oxlint', 'bin', 'oxlint'),
  '--type-aware',
  '--deny-warnings',
]);
export const format = program('format (prettier)', [
  tool('prettier', 'bin', 'prettier.cjs'),
  '--check',
  '--log-level=warn',
  '.',
]);

export const borders: Stage = {
  name: 'borders',
  async run() {
    const findings = lintRepository(repositoryRoot);
    for (const finding of findings) process.stderr.write(`${formatFinding(finding)}\n`);
    return findings.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  },
};

/** What of jest's report is counted. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly numTotalTests: number;
}

/** All specs of one tier, or those whose path contains one of the filters. */
export function jestTier(tier: Tier, filters: readonly string[]): Stage {
  return {
    name: `${tier} tests (jest)`,
    async run() {
      const directory = await mkdtemp(join(tmpdir(), 'gitway-test-'));
      const report = join(directory, 'report.json');
      try {
        const code = await runNode([
          '--experimental-vm-modules',
          '--no-warnings=ExperimentalWarning',
          tool('jest', 'bin', 'jest.js'),
          ...filters,
          `--testMatch=**/src/**/*.${tier}.spec.ts`,
          // End-to-end tests own whole platforms: one after the other.
          ...(tier === 'e2e' ? ['--runInBand'] : ['--maxWorkers=2']),
          '--json',
          `--outputFile=${report}`,
          '--passWithNoTests',
        ]);
        return existsSync(report)
          ? countTests(JSON.parse(await readFile(report, 'utf8')) as JestReport, code)
          : { passed: 0, failed: 1 };
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}

/** A file that could not be run at all counts as one failure, and so does an exit code that nothing else explains. */
export function countTests(report: JestReport, exitCode: number): StageResult {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return { passed: report.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed };
}

/** Runs Node; everything it prints goes to standard error, so that standard output holds the result alone. */
function runNode(args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...args], { cwd: repositoryRoot, stdio: ['ignore', 2, 2] });
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

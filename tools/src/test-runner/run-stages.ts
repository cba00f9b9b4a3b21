import type { Stage, StageResult } from './stage.ts';

/** Runs every stage, also after one failed, so that one run tells everything. */
export async function runStages(stages: readonly Stage[], say: (line: string) => void): Promise<StageResult> {
  let passed = 0;
  let failed = 0;
  for (const [index, stage] of stages.entries()) {
    say(`[${index + 1}/${stages.length}] ${stage.name}`);
    const startedAt = Date.now();
    const result = await runStage(stage, say);
    passed += result.passed;
    failed += result.failed;
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    say(
      `[${index + 1}/${stages.length}] ${stage.name}: ${result.passed} passed, ${result.failed} failed in ${seconds} s`,
    );
  }
  return { passed, failed };
}

async function runStage(stage: Stage, say: (line: string) => void): Promise<StageResult> {
  try {
    return await stage.run();
  } catch (error) {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { passed: 0, failed: 1 };
  }
}

import type { Run, RunOptions, RunResult } from '../run.ts';

export interface Call {
  readonly line: string;
  readonly options: RunOptions;
}

/** A Run that answers by the first rule whose pattern matches `command arg arg…`, and remembers what was asked. */
export function fakeRun(
  rules: readonly (readonly [RegExp, Partial<RunResult> | ((call: Call) => Partial<RunResult>)])[],
): { run: Run; calls: Call[] } {
  const calls: Call[] = [];
  const run: Run = (command, args, options = {}) => {
    const call = { line: [command, ...args].join(' '), options };
    calls.push(call);
    const rule = rules.find(([pattern]) => pattern.test(call.line));
    const answer = rule === undefined ? { code: 127, stderr: `no rule for ${call.line}` } : rule[1];
    const result = typeof answer === 'function' ? answer(call) : answer;
    return Promise.resolve({ code: 0, stdout: '', stderr: '', ...result });
  };
  return { run, calls };
}

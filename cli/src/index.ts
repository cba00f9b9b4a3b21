export { run } from './run.ts';
export type { Io } from './io.ts';
export { buildProgram } from './program.ts';

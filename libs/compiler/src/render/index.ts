import { githubRenderer } from './github.ts';
import { gitlabRenderer } from './gitlab.ts';
import { jsonRenderer } from './json.ts';
import { junitRenderer } from './junit.ts';
import { lspRenderer } from './lsp.ts';
import type { Renderer } from './renderer.ts';
import { sarifRenderer } from './sarif.ts';
import { textRenderer } from './text.ts';

export type { CheckedEnvironment, CheckReport, Renderer, RenderOptions } from './renderer.ts';
export { counted, renderFindings, withinOf } from './text.ts';
export { checkAnswerSchema, type CheckAnswer } from './json.ts';
export { fingerprintsOf } from './fingerprint.ts';

/** Every format of `gitway check`. */
export const renderers: readonly Renderer[] = [
  textRenderer,
  jsonRenderer,
  sarifRenderer,
  junitRenderer,
  githubRenderer,
  gitlabRenderer,
  lspRenderer,
];

export const rendererOf = (format: string): Renderer | undefined =>
  renderers.find((renderer) => renderer.format === format);

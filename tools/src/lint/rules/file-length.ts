import type { Rule } from '../rule.ts';

export const LINE_LIMIT = 350;

export const fileLength: Rule = {
  id: 'file-length',
  reason: 'A file that needs more than a few screens holds more than one idea.',
  check(workspace) {
    return workspace.packages
      .flatMap((pkg) => pkg.files)
      .map((file) => ({ file: file.path, lines: file.text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > LINE_LIMIT)
      .map(({ file, lines }) => ({
        file,
        line: LINE_LIMIT + 1,
        message: `has ${lines} lines; ${LINE_LIMIT} are the limit`,
      }));
  },
};

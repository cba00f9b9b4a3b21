import { rendererOf, renderers, type Renderer } from '@gitway/compiler';
import { InvalidInputError } from '@gitway/errors';
import { suggestionHint } from '@gitway/resources';

/** One report: its format, and the file that it goes to (standard output without one). */
export interface Target {
  readonly renderer: Renderer;
  readonly output: string | undefined;
}

/**
 * Pairs `--format` and `--output` as they were written: an output belongs to the format before it, or, when that has
 * one or there is none, to the next. A format that is left without an output goes to standard output.
 */
export class Targets {
  private readonly pairs: { format?: string; output?: string }[] = [];

  format(name: string): void {
    const last = this.pairs.at(-1);
    if (last !== undefined && last.format === undefined) last.format = name;
    else this.pairs.push({ format: name });
  }

  output(path: string): void {
    if (path.trim() === '') throw new InvalidInputError('bad-output', '--output takes the path of a file.');
    const last = this.pairs.at(-1);
    if (last !== undefined && last.output === undefined) last.output = path;
    else this.pairs.push({ output: path });
  }

  /** @throws InvalidInputError `unknown-format`, `bad-output` */
  all(usual: string): Target[] {
    const pairs = this.pairs.length === 0 ? [{ format: usual }] : this.pairs;
    const targets = pairs.map(({ format = usual, output }: { format?: string; output?: string }): Target => {
      const renderer = rendererOf(format);
      if (renderer !== undefined) return { renderer, output };
      const formats = renderers.map((each) => each.format);
      const hint = suggestionHint(format, formats, 'There are') ?? '';
      throw new InvalidInputError('unknown-format', `${format} is not a format. ${hint}`.trim());
    });
    const outputs = targets.map(({ output }) => output ?? 'standard output');
    const twice = outputs.find((output, index) => outputs.indexOf(output) !== index);
    if (twice !== undefined) {
      throw new InvalidInputError('bad-output', `Two reports would go to ${twice}: give each its own --output.`);
    }
    return targets;
  }
}

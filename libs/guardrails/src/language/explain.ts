import { EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { nearest } from './suggest.ts';
import { written, type CheckedNode } from './tree.ts';
import { types, variablesOf, type GuardrailKind } from './types.ts';

/** What is wrong with an expression, and which part of it. */
export interface Explanation {
  readonly message: string;
  readonly hint: string | undefined;
  readonly start: number;
  readonly end: number;
}

export const isExplanation = (value: object): value is Explanation => 'message' in value && 'start' in value;

/** An error of the CEL library in our words, with what is known at the place of it. */
export function explainError(
  error: unknown,
  source: string,
  root: CheckedNode | undefined,
  kind: GuardrailKind,
): Explanation {
  const isCel = error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError;
  const range = isCel ? error.range : undefined;
  const start = Math.min(range?.start ?? 0, source.length);
  const end = Math.max(start, Math.min(range?.end ?? source.length, source.length));
  const text = isCel ? error.summary : error instanceof Error ? error.message : String(error);
  if (isCel && error.code === 'unknown_variable') {
    const name = source.slice(start, end);
    const known = Object.keys(variablesOf(kind));
    return {
      message: `There is no variable \`${name}\` here.`,
      hint: suggestion(name, known, 'There are'),
      start,
      end,
    };
  }
  if (isCel && error.code === 'no_such_key' && root !== undefined) {
    for (const node of written(root)) {
      if (node.op !== '.' || node.end !== end) continue;
      const [receiver, name] = node.args as [CheckedNode, string];
      const type = receiver.checkedType?.name;
      if (type !== undefined && type in types && !Object.hasOwn(types[type]!, name)) {
        return explainField(type, name, node);
      }
    }
  }
  return { message: sentence(text), hint: generalHint(text), start, end };
}

export function explainField(type: string, name: string, node: CheckedNode): Explanation {
  const known = Object.keys(types[type]!);
  return {
    message: `\`${name}\` is not a field of ${type}.`,
    hint: suggestion(name, known, 'Its fields are'),
    start: Math.max(node.start, node.end - name.length),
    end: node.end,
  };
}

function suggestion(given: string, known: readonly string[], introduction: string): string {
  const near = nearest(given, known);
  const list = `${introduction}: ${known.join(', ')}.`;
  return near === undefined ? list : `Did you mean \`${near}\`? ${list}`;
}

function generalHint(text: string): string | undefined {
  if (/null/.test(text)) return 'Nothing here is null: `has(…)` asks whether an optional field is there.';
  if (/no such overload|no matching overload/.test(text)) {
    return 'The types on both sides do not fit; `int(…)`, `string(…)` and `size(…)` convert.';
  }
  return undefined;
}

const sentence = (text: string) => {
  const trimmed = text.trim().replace(/\.$/, '');
  return `${trimmed.charAt(0).toUpperCase()}${trimmed.slice(1)}.`;
};

import { compileExpression, type CompiledExpression } from './language/compile-expression.ts';
import { isExplanation, type Explanation } from './language/explain.ts';
import { guardrailLimits } from './language/limits.ts';
import type { GuardrailKind } from './language/types.ts';

/** A message with CEL in it: texts and expressions by turns. */
export type Message = readonly (string | CompiledExpression)[];

const speakable = new Set(['string', 'int', 'double', 'bool', 'list<string>', 'list<int>']);

export function compileMessage(source: string, kind: GuardrailKind): Message | Explanation {
  if (source.length > guardrailLimits.maxExpressionLength) {
    const message = `The message has ${source.length} characters; at most ${guardrailLimits.maxExpressionLength} are allowed.`;
    return { message, hint: 'Shorten it.', start: 0, end: source.length };
  }
  const parts: (string | CompiledExpression)[] = [];
  let position = 0;
  for (;;) {
    const open = source.indexOf('${', position);
    if (open === -1) break;
    const close = endOf(source, open + 2);
    if (close === undefined) {
      return { message: 'The `${` is never closed.', hint: 'Close it with `}`.', start: open, end: source.length };
    }
    parts.push(source.slice(position, open));
    const inner = source.slice(open + 2, close);
    const compiled = compileExpression(inner, kind);
    if (isExplanation(compiled)) {
      return { ...compiled, start: compiled.start + open + 2, end: compiled.end + open + 2 };
    }
    if (!speakable.has(compiled.type)) {
      const message = `A message cannot show a value of type ${compiled.type}.`;
      const hint = 'Give a string, a number, a bool or a list of strings, as in `${api.name}`.';
      return { message, hint, start: open + 2, end: close };
    }
    parts.push(compiled);
    position = close + 1;
  }
  parts.push(source.slice(position));
  return parts.filter((part) => part !== '');
}

/** The `}` that ends an expression; those inside quotes or inside other braces do not. */
function endOf(source: string, from: number): number | undefined {
  let quote: string | undefined;
  let depth = 0;
  for (let index = from; index < source.length; index++) {
    const character = source[index]!;
    if (quote !== undefined) {
      if (character === '\\') index++;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth++;
    else if (character === '}' && depth-- === 0) return index;
  }
  return undefined;
}

const MAX_LISTED = 10;

/** @throws what an expression in it throws */
export function fillMessage(message: Message, context: Readonly<Record<string, unknown>>): string {
  const text = message.map((part) => (typeof part === 'string' ? part : spoken(part.evaluate(context)))).join('');
  return text.length > guardrailLimits.maxMessageLength ? `${text.slice(0, guardrailLimits.maxMessageLength)}…` : text;
}

function spoken(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  const shown = value.slice(0, MAX_LISTED).map(String).join(', ');
  return value.length > MAX_LISTED ? `${shown} and ${value.length - MAX_LISTED} more` : shown;
}

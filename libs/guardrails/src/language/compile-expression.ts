import { bound } from './bound.ts';
import { environmentFor, functions, methods } from './environment.ts';
import { explainError, explainField, type Explanation } from './explain.ts';
import { guardrailLimits } from './limits.ts';
import { patternOf } from './pattern.ts';
import { selectionOf, treeOf, written, type CheckedNode } from './tree.ts';
import { types, variablesOf, type GuardrailKind } from './types.ts';

export interface CompiledExpression {
  /** CEL's name of the type that it gives. */
  readonly type: string;
  /** Variables that it uses. */
  readonly uses: ReadonlySet<string>;
  /** @throws an error of CEL, or OverBudget */
  readonly evaluate: (context: Readonly<Record<string, unknown>>) => unknown;
}

/** Parses and checks an expression against the declared names and types, and bounds what it may cost. */
export function compileExpression(source: string, kind: GuardrailKind): CompiledExpression | Explanation {
  const whole = (message: string, hint?: string): Explanation => ({ message, hint, start: 0, end: source.length });
  if (source.trim() === '') return whole('The expression is empty.', 'Write CEL that is true where all is well.');
  if (source.length > guardrailLimits.maxExpressionLength) {
    return whole(
      `The expression has ${source.length} characters; at most ${guardrailLimits.maxExpressionLength} are allowed.`,
      'Split it into several guardrails.',
    );
  }
  let parsed;
  try {
    parsed = environmentFor(kind).parse(source);
  } catch (error) {
    return explainError(error, source, undefined, kind);
  }
  const root = treeOf(parsed.ast);
  const forbidden = forbiddenCall(root);
  if (forbidden !== undefined) return forbidden;
  const checked = parsed.check();
  if (!checked.valid) return explainError(checked.error, source, root, kind);
  for (const node of written(root)) {
    const problem = unknownInHas(node) ?? badPattern(node);
    if (problem !== undefined) return problem;
  }
  bound(root);
  const names = new Set(Object.keys(variablesOf(kind)));
  const uses = new Set<string>();
  for (const node of written(root))
    if (node.op === 'id' && names.has(node.args as string)) uses.add(node.args as string);
  return { type: checked.type ?? 'dyn', uses, evaluate: (context) => parsed(context) };
}

function forbiddenCall(root: CheckedNode): Explanation | undefined {
  for (const node of written(root)) {
    if (node.op !== 'call' && node.op !== 'rcall') continue;
    const [name] = node.args as [string];
    const known = node.op === 'call' ? functions : methods;
    const withTimezone = name.startsWith('get') && (node.args as [string, unknown, unknown[]])[2].length > 0;
    if (known.has(name) && !withTimezone) continue;
    const message = withTimezone
      ? `\`${name}\` takes no time zone here: times are UTC.`
      : `There is no ${node.op === 'call' ? 'function' : 'method'} \`${name}\` in guardrails.`;
    const hint = `There are: ${[...known].sort().join(', ')}.`;
    return { message, hint, start: node.start, end: node.end };
  }
  return undefined;
}

/** CEL's `has(api.ownr)` would quietly be false for a field that no Api ever has. */
function unknownInHas(node: CheckedNode): Explanation | undefined {
  if (node.op !== 'call' || (node.args as [string])[0] !== 'has') return undefined;
  const selection = selectionOf((node.args as [string, [CheckedNode]])[1][0]);
  if (selection === undefined) return undefined;
  let type = selection.root.checkedType?.name ?? '';
  for (const step of selection.fields) {
    const declared = types[type];
    if (declared === undefined) return undefined;
    const name = (step.args as [CheckedNode, string])[1];
    if (!Object.hasOwn(declared, name)) return explainField(type, name, step);
    type = declared[name]!.type;
  }
  return undefined;
}

function badPattern(node: CheckedNode): Explanation | undefined {
  if (node.op !== 'rcall' || (node.args as [string])[0] !== 'matches') return undefined;
  const pattern = (node.args as [string, CheckedNode, [CheckedNode]])[2][0];
  if (pattern.op !== 'value' || typeof pattern.args !== 'string') return undefined;
  try {
    patternOf(pattern.args);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      message: `The pattern is not one that RE2 knows: ${reason}.`,
      hint: 'RE2 has no look-around and no back-references, and so never takes long: https://github.com/google/re2/wiki/Syntax.',
      start: pattern.start,
      end: pattern.end,
    };
  }
}

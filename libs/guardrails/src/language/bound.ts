import { InternalError } from '@gitway/errors';
import { guardrailLimits } from './limits.ts';
import { matches } from './pattern.ts';
import { evaluated, type CheckedNode, type Evaluate } from './tree.ts';

/** Why an evaluation was ended before it had an answer. */
export class OverBudget extends Error {
  override readonly name = 'OverBudget';
}

/**
 * Counts what evaluation costs. An error inside `&&`, `||` or `all` may be absorbed by CEL's rules, so `spent` stays
 * set and every further step fails: nothing goes on, and no answer counts.
 */
export class Budget {
  #total = 0;
  #steps = 0;
  #spent: OverBudget | undefined;
  readonly #maxTotal: number;

  constructor(maxTotal: number = guardrailLimits.maxTotalSteps) {
    this.#maxTotal = maxTotal;
  }

  start(): void {
    this.#steps = 0;
    this.#spent = undefined;
  }

  get spent(): OverBudget | undefined {
    return this.#spent;
  }

  /** Steps taken so far, by all evaluations. */
  get total(): number {
    return this.#total;
  }

  /** Pays for what was evaluated before, so that it costs what it cost then. @returns false where that is too much now */
  payAgain(steps: number): boolean {
    if (this.#total + steps > this.#maxTotal) return false;
    this.#total += steps;
    return true;
  }

  take(steps: number): void {
    if (this.#spent !== undefined) throw this.#spent;
    this.#steps += steps;
    this.#total += steps;
    if (this.#steps > guardrailLimits.maxSteps) this.fail('it takes more steps than one guardrail may take');
    if (this.#total > this.#maxTotal) this.fail('the guardrails of this environment take too many steps');
  }

  fail(reason: string): never {
    this.#spent ??= new OverBudget(reason);
    throw this.#spent;
  }
}

let current = new Budget();

/** Runs `work` with everything that it evaluates taken from this budget. */
export function within<T>(budget: Budget, work: () => T): T {
  const before = current;
  current = budget;
  budget.start();
  try {
    return work();
  } finally {
    current = before;
  }
}

/** Makes every node of a checked expression pay for itself, and `matches` linear in its text. */
export function bound(root: CheckedNode): void {
  if (typeof root.setMeta !== 'function') {
    throw new InternalError('cel-changed', 'The CEL library has changed: its evaluation can no longer be bounded.');
  }
  for (const node of evaluated(root)) {
    if (node.meta.macro !== undefined) continue;
    node.setMeta('evaluate', paying(isMatch(node) ? evaluateMatch : node.meta.evaluate));
  }
}

const isMatch = (node: CheckedNode) => node.op === 'rcall' && (node.args as [string])[0] === 'matches';

const evaluateMatch: Evaluate = (evaluator, node, context) => {
  const [, receiver, args] = node.args as [string, CheckedNode, [CheckedNode]];
  const text = evaluator.run(receiver, context) as string;
  const pattern = evaluator.run(args[0], context) as string;
  current.take(10 + Math.ceil((text.length * (pattern.length + 8)) / 256));
  return matches(text, pattern);
};

const paying =
  (evaluate: Evaluate): Evaluate =>
  (evaluator, node, context) => {
    current.take(1);
    const value = evaluate(evaluator, node, context);
    if (typeof value === 'string') {
      if (value.length > guardrailLimits.maxStringLength) current.fail('it makes a string that is too long');
      if (value.length > 256) current.take(value.length >> 8);
    } else if (Array.isArray(value)) {
      if (value.length > guardrailLimits.maxListLength) current.fail('it makes a list that is too long');
      // The growing result of `map` and `filter` is seen once per element and costs nothing more each time.
      if (value.length > 16 && node.op !== 'accuPush' && node.op !== 'accuValue' && node.op !== '?:') {
        current.take(value.length >> 4);
      }
    }
    return value;
  };

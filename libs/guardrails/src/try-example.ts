import { evaluateGuardrails } from './evaluate-guardrails.ts';
import { unitsOfExample, type Example } from './example.ts';
import type { Guardrail } from './guardrail.ts';
import { variableOf } from './language/types.ts';

/** When examples take place, unless they say otherwise. */
const exampleTime = new Date('2026-01-01T00:00:00.000Z');

export type ExampleOutcome =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed'; readonly message: string }
  /** The rule does not look at it, or could not be evaluated over it. */
  | { readonly outcome: 'undecided'; readonly message: string };

/**
 * What a rule says of the first unit of its kind in an example.
 * @throws InvalidInputError `bad-example`
 */
export function tryExample(guardrail: Guardrail, example: Example): ExampleOutcome {
  const { kind, environments, ...chooses } = guardrail.appliesTo;
  const { units, now } = unitsOfExample(kind, example);
  const environment = units.find((unit) => unit.kind === 'environment')!.name;
  const scope = { environment, now: now ?? exampleTime };
  const [subject] = kind === 'Consumer' ? units.flatMap((u) => (u.kind === 'consumers' ? u.consumers : [])) : units;
  const object = `${kind}/${subject!.name}`;
  const looked = evaluateGuardrails([alwaysFalse(guardrail)], units, scope).some(
    ({ where }) => where.object === object,
  );
  if (!looked) {
    const chosen = Object.keys({ ...chooses, ...(environments === undefined ? {} : { environments }) }).join(', ');
    const message = `The rule does not look at this ${variableOf(kind)}: its appliesTo chooses by ${chosen}.`;
    return { outcome: 'undecided', message };
  }
  const found = evaluateGuardrails([guardrail], units, scope).find(({ where }) => where.object === object);
  if (found === undefined) return { outcome: 'passed' };
  return { outcome: found.rule === 'guardrail-failed' ? 'undecided' : 'failed', message: found.message };
}

const alwaysFalse = (guardrail: Guardrail): Guardrail => ({
  ...guardrail,
  text: [],
  compiled: { type: 'bool', uses: new Set(), evaluate: () => false },
});

import type { ApiUnit, Finding, Location } from '@gitway/contracts';
import type { BreakingAction, BreakingRules } from '@gitway/resources';
import type { Change } from './compare-documents.ts';
import type { ApiUsage } from './live.ts';
import {
  acceptanceOf,
  actionOf,
  graverOf,
  measuresOf,
  severityOfAction,
  type Measure,
  type NamedOperation,
} from './policy.ts';
import { takenBack, type TakesBack } from './takes-back.ts';
import { spoken, weighUsage, type Counted, type Weight } from './weigh-usage.ts';

/** Everything that a change of one API is judged by. */
export interface Circumstances {
  readonly environment: string;
  readonly live: ApiUnit;
  readonly ruleSets: readonly BreakingRules[];
  readonly usage: ApiUsage;
  readonly deprecations: ReadonlyMap<string, Date>;
  /** Why changes are let pass that take something back; undefined where the revision takes nothing back. */
  readonly takesBack: TakesBack | undefined;
  readonly now: Date | undefined;
  /** Takes the sentence of each change that was accepted. */
  readonly accepted: string[];
}

/** The finding of a change, as grave as its use makes it; undefined where it is ignored. */
export function judgeChange(change: Change, where: Location, circumstances: Circumstances): Finding | undefined {
  const { environment, live, ruleSets, now } = circumstances;
  const today = now?.toISOString().slice(0, 10);
  const operations = operationsOf(change, live);
  const measures = measuresOf(ruleSets, { environment, api: live }, change.id);
  const accepted = acceptanceOf(ruleSets, { environment, api: live }, change.id, operations, today);
  const finding = (action: BreakingAction, sentences: readonly string[], weight?: Weight): Finding | undefined => {
    const severity = severityOfAction(action);
    if (severity === 'off') return undefined;
    return {
      rule: change.id,
      severity,
      where,
      message: [`${change.message}.`, ...sentences, ...(weight === undefined ? [] : [weight.evidence])].join(' '),
      ...(weight === undefined ? {} : { evidence: weight.evidence }),
      hint: action === 'block' ? `${change.hint ?? ''} ${acceptHint}`.trim() : (change.hint ?? acceptHint),
    };
  };
  /** Nobody needs to be told how to avoid what is decided. */
  const decided = (why: string, hint: string): Finding => ({
    rule: change.id,
    severity: 'info',
    where,
    message: `${change.message}. ${why}`,
    hint,
  });

  if (accepted?.over === false) {
    const { by, until, reason } = accepted.acceptance;
    const why = `Accepted by ${by} until ${until}: ${asSentence(reason)}`;
    circumstances.accepted.push(`${change.message}. ${why}`);
    return decided(why, 'Once this is live the entry under `breaking.accept` matches nothing and can go.');
  }
  const back = takenBack(circumstances, operations);
  if (back?.passes === true) return decided(back.sentence, 'Nothing needs to be done.');
  // The comparison takes a deprecation for granted that may be an hour old.
  const level = /^api-(path-)?removed-with-deprecation$/.test(change.id) ? 'error' : change.level;
  if (level === 'info') return finding('allow', []);

  const counted = countedOf(change, operations);
  const judged = measures.map((measure) => {
    const served = deprecationServed(measure, operations, circumstances);
    if (served !== undefined) return { action: 'allow' as const, sentences: [served], weight: undefined };
    const weight =
      now === undefined
        ? weighUsage({ unknown: 'it is not known what day it is' }, counted, measure.usedWithinMs, new Date(0))
        : weighUsage(circumstances.usage, counted, measure.usedWithinMs, now);
    return {
      action: actionOf(measure, weight.standing, level),
      sentences: unserved(measure, operations, circumstances),
      weight,
    };
  });
  const gravest = judged.reduce(graverOf);
  const over = accepted === undefined ? [] : [`Its acceptance ended on ${accepted.acceptance.until}.`];
  const called = back === undefined ? [] : [back.sentence];
  return finding(gravest.action, [...over, ...called, ...gravest.sentences], gravest.weight);
}

const acceptHint = 'What was agreed with callers is accepted under `breaking.accept` of a RuleSet.';
const asSentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

interface LiveOperation extends NamedOperation {
  readonly sunset?: string;
}

/** The operations that a change concerns, as the live API calls them. */
function operationsOf({ concerns }: Change, live: ApiUnit): LiveOperation[] {
  if (!('operations' in concerns)) return [];
  return concerns.operations.map((concerned) => {
    const { method } = concerned;
    const path = concerned.path.replace(/[?#].*$/s, '');
    const known = live.operations.find((operation) => operation.method === method && operation.path === path);
    return { ...concerned, path, id: known?.id ?? `${method.toLowerCase()} ${path}` };
  });
}

function countedOf({ concerns }: Change, operations: readonly NamedOperation[]): Counted {
  if ('undeclared' in concerns)
    return { operations: [null], consumers: null, name: 'What the document does not declare' };
  if ('consumers' in concerns) return { operations: null, consumers: concerns.consumers, name: 'The API' };
  const first = operations[0];
  const name =
    first === undefined
      ? 'No operation'
      : operations.length === 1
        ? `\`${first.method} ${first.path}\``
        : `\`${first.method} ${first.path}\` and ${operations.length - 1} more`;
  return { operations: operations.map(({ id }) => id), consumers: null, name };
}

/** Why callers had warning enough, as a sentence; of several operations each must have had it. */
function deprecationServed(
  { deprecatedForMs }: Measure,
  operations: readonly LiveOperation[],
  circumstances: Circumstances,
): string | undefined {
  const { live, deprecations, now } = circumstances;
  if (now === undefined) return undefined;
  const today = now.toISOString().slice(0, 10);
  const long = (since: Date | undefined) => since !== undefined && now.getTime() - since.getTime() >= deprecatedForMs;
  const api = deprecations.get('');
  if (live.lifecycle === 'deprecated' && long(api)) return `The API has been deprecated since ${day(api!)}.`;
  const ends = live.deprecation?.sunset;
  // A sunset that lay in the past when it was announced warned nobody.
  const announced = live.lifecycle === 'deprecated' && (api === undefined || day(api) < (ends ?? ''));
  if (ends !== undefined && ends <= today && announced) return `The sunset of the API was on ${ends}.`;
  if (operations.length === 0) return undefined;
  const reasons = operations.map(({ id, sunset }) => {
    const since = deprecations.get(id);
    if (sunset !== undefined && sunset <= today && (since === undefined || day(since) < sunset))
      return `Its sunset was on ${sunset}.`;
    return sunset === undefined && long(since) ? `It has been deprecated here since ${day(since!)}.` : undefined;
  });
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

/** What is left of a deprecation period that has begun. */
function unserved(
  { deprecatedForMs }: Measure,
  operations: readonly NamedOperation[],
  { deprecations }: Circumstances,
): string[] {
  const since = operations.length === 1 ? deprecations.get(operations[0]!.id) : undefined;
  if (since === undefined) return [];
  return [
    `It has been deprecated here only since ${day(since)}, of ${spoken(deprecatedForMs)} that callers are given.`,
  ];
}

const day = (at: Date) => at.toISOString().slice(0, 10);

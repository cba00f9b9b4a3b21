import type { AuthPolicy } from '@gitway/contracts';
import { request, type Rule } from '../../rule.ts';
import { fail, type MethodRules, next, type Step, step } from './method.ts';
import { nothingSent, refuse, refuseSeveral, TELLING } from './refusals.ts';

const why = '{ var(txn.why) -m found }';
/** What a method states of the caller, and another must not find. */
const STATED = ['who', 'consumer', 'plans', 'subject', 'scopes'];
/** As one line of printable characters: what a token says becomes a header of ours. */
const PRINTABLE = "'^(?=.*[!-~])[ -~]{1,500}\\z'";
const passed = '{ var(txn.passed) -m found }';

/** Rules that let in who passes the methods, as the policy combines them; `when` chooses the operations. */
export function identify(kind: AuthPolicy['kind'], methods: readonly MethodRules[], when: readonly string[]): Rule[] {
  const attempts =
    kind === 'anyOf' ? anyOf(methods) : kind === 'allOf' ? methods.flatMap(together) : methods.flatMap(alone);
  const steps = [...methods.flatMap(({ take }) => take), ...attempts];
  const print = ({ act, when: own }: Step) => request('identify', act, ...when, ...own);
  const names = methods.some((method) => method.names !== 'never');
  const sure = methods.every((method) => method.names === 'always') || kind === 'allOf';
  const known = sure ? [] : ['{ var(txn.consumer) -m found }'];
  return [
    ...refuseSeveral([...new Set(methods.flatMap(({ single }) => single))], when),
    ...steps.map(print),
    ...refuse(methods, when),
    ...methods.flatMap(({ strip }) => strip).map(print),
    ...(names ? [step('set-header x-gitway-consumer %[var(txn.consumer)]', ...known)] : []).map(print),
    ...methods
      .flatMap(({ tells = [] }) => tells)
      .map(tell)
      .map(print),
  ];
}

const tell = (what: 'subject' | 'scopes'): Step =>
  step(`set-header x-gitway-${what} %[var(txn.${what})]`, `{ var(txn.${what}) -m reg ${PRINTABLE} }`);

/** Reads the record that the method has found. */
function record({ names }: MethodRules): Step[] {
  if (names === 'never') return [];
  const found = names === 'always' ? [] : ['{ var(txn.who) -m found }'];
  return [
    next('set-var(txn.consumer) var(txn.who),field(1,|)', ...found),
    next('set-var(txn.plans) var(txn.who),field(3,|)', ...found),
    fail('suspended', '{ var(txn.who),field(2,|) -m str suspended }'),
  ];
}

const alone = (method: MethodRules): Step[] => [...method.verify, ...record(method)];

/** Every method has to hold, and those that know consumers have to mean the same one. */
function together(method: MethodRules, index: number): Step[] {
  if (index === 0 || method.names === 'never') return alone(method);
  return [
    next('set-var(txn.other) var(txn.consumer)'),
    next('unset-var(txn.who)'),
    ...alone(method),
    fail('different-callers', '{ var(txn.other) -m found }', '!{ var(txn.consumer),strcmp(txn.other) eq 0 }'),
  ];
}

/**
 * The first that holds counts. Of those that do not, the last whose credential was sent says why; a refusal of somebody
 * who is known outweighs the others.
 */
function anyOf(methods: readonly MethodRules[]): Step[] {
  const rest = `!${passed}`;
  return [
    ...methods.flatMap((method, index) => {
      const attempt = [
        ...(index === 0 ? [] : [step('unset-var(txn.why)'), ...STATED.map((name) => step(`unset-var(txn.${name})`))]),
        ...alone(method),
        step(`set-var(txn.passed) bool(true)`, `!${why}`),
        step(
          'set-var(txn.told) var(txn.why)',
          why,
          `!${nothingSent}`,
          `!{ var(txn.told) -m str ${TELLING.join(' ')} }`,
        ),
      ];
      return index === 0 ? attempt : attempt.map(({ act, when }) => step(act, rest, ...when));
    }),
    step('set-var(txn.why) var(txn.told)', rest, '{ var(txn.told) -m found }'),
  ];
}

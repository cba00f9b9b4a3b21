import type { EffectivePolicy } from '@gitway/contracts';
import { type Answer, defaultAnswers } from './answers.ts';
import type { Rule } from './rule.ts';
import { formatted } from './syntax.ts';

type Errors = EffectivePolicy['errors'];

/** An answer of the gateway, slug and title as log formats, with what its API says of it. */
export interface StyledAnswer extends Answer {
  /** Text of a user. */
  readonly detail?: string;
}

/** Stand for parts that are log formats until `%` means itself. */
const parts = { id: '\u{F0000}', slug: '\u{F0001}', title: '\u{F0002}' };

/** Content type and body of an answer, in the shape that the API asks for; texts of users are read literally. */
export function answerBody({ slug, title, status, detail }: StyledAnswer, errors: Errors): string {
  const plain = errors?.format === 'text';
  const type = `${errors?.typeBase ?? 'urn:gitway:problem:'}${parts.slug}`;
  const text = plain
    ? `${detail ?? parts.title} (request ${parts.id})`
    : JSON.stringify({ type, title: parts.title, status, requestId: parts.id, detail });
  const format = formatted(text)
    .replace(parts.slug, () => slug)
    .replace(parts.title, () => title)
    .replace(parts.id, () => '%[var(txn.id)]');
  return `content-type '${plain ? 'text/plain; charset=utf-8' : 'application/problem+json'}' lf-string ${format}`;
}

export const styledDenial = (answer: StyledAnswer, errors: Errors): string =>
  `deny deny_status ${answer.status} ${answerBody(answer, errors)}${answer.headers ?? ''}`;

const written =
  /content-type application\/problem\+json lf-string '\{"type":"urn:gitway:problem:([^"']*)","title":"([^"']*)","status":(\d{3}),"requestId":"%\[var\(txn\.id\)\]"\}'/;
const bare = /^deny deny_status (\d{3})$/;

/** What a rule answers, in the shape that the API asks for. */
export function restyled(rule: Rule, errors: Errors): Rule {
  const status = bare.exec(rule.act)?.[1];
  const known = defaultAnswers.find((answer) => String(answer.status) === status);
  if (known !== undefined) return { ...rule, act: styledDenial(known, errors) };
  const act = rule.act.replace(written, (_, slug: string, title: string, code: string) =>
    answerBody({ slug, title, status: Number(code) }, errors),
  );
  return act === rule.act ? rule : { ...rule, act };
}

/** What HAProxy answers by itself for the API, in the shape that it asks for. */
export const errorLines = (errors: Errors): string[] =>
  defaultAnswers.map(
    (answer) => `http-error status ${answer.status} ${answerBody(answer, errors)}${answer.headers ?? ''}`,
  );

import type { EffectivePolicy } from '@gitway/contracts';
import { type Answer, defaultAnswers } from './answers.ts';
import type { Rule } from './rule.ts';
import { formatted } from './syntax.ts';

type Errors = EffectivePolicy['errors'];

/** An answer of the gateway with what its API says of it. */
export interface StyledAnswer extends Answer {
  /** Text of a user. */
  readonly detail?: string;
}

const REQUEST_ID = '%[var(txn.id)]';
/** Stands for the request's id until `%` means itself. */
const ID_MARK = '\u{F0000}';

/** Content type and body of an answer, in the shape that the API asks for; texts of users are read literally. */
export function answerBody({ slug, title, status, detail }: StyledAnswer, errors: Errors): string {
  const text =
    errors?.format === 'text'
      ? `${detail ?? title} (request ${ID_MARK})`
      : JSON.stringify({
          type: `${errors?.typeBase ?? 'urn:gitway:problem:'}${slug}`,
          title,
          status,
          requestId: ID_MARK,
          detail,
        });
  const type = errors?.format === 'text' ? 'text/plain; charset=utf-8' : 'application/problem+json';
  return `content-type '${type}' lf-string ${formatted(text).replace(ID_MARK, () => REQUEST_ID)}`;
}

export const styledDenial = (answer: StyledAnswer, errors: Errors): string =>
  `deny deny_status ${answer.status} ${answerBody(answer, errors)}${answer.headers ?? ''}`;

const written =
  /content-type application\/problem\+json lf-string '\{"type":"urn:gitway:problem:([a-z0-9-]+)","title":"([^"']*)","status":(\d{3}),"requestId":"%\[var\(txn\.id\)\]"\}'/;
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

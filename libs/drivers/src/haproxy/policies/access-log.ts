import type { AuthPolicy, EffectivePolicy } from '@gitway/contracts';
import { native } from '../capability.ts';
import type { Checker } from '../checker.ts';
import type { Policy } from '../policy.ts';
import { request, response, type Rule } from '../rule.ts';
import { fits, safe } from '../syntax.ts';

type AccessLog = NonNullable<EffectivePolicy['accessLog']>;

/** Of all headers of one call together; a line has to stay under the limit of the log. */
const HEADER_BYTES = 1000;
/** `rand` draws whole numbers below this. */
const FINEST = 1_000_000;
const CREDENTIALS = new Set(['authorization', 'proxy-authorization', 'cookie']);

/**
 * What is written of calls. What the upstream answered decides which of them; calls that the gateway answers by itself,
 * or that end without an answer, are always written unless the log is off.
 */
export const accessLog: Policy = {
  capabilities: [
    native('api policy.accessLog.level', '`set-log-level silent`; errors are answers from 400 on'),
    native('api policy.accessLog.sample', '`rand`, to a millionth; the line says for how many calls it stands'),
    native('api policy.accessLog.headers', `as they arrived, ${HEADER_BYTES} bytes for all of a call together`),
    native('api policy.accessLog.audit', 'a mark in the line, which is then written whatever `level` and `sample` say'),
  ],

  check(api, on) {
    const read = [api.policy.auth, ...Object.values(api.policy.operations ?? {}).flatMap(({ auth }) => auth ?? [])];
    const taken = new Set([...CREDENTIALS, ...read.flatMap(headersOf)]);
    checkLog(api.policy.accessLog, 'policy.accessLog', taken, on);
    for (const [id, { accessLog: own }] of Object.entries(api.policy.operations ?? {})) {
      checkLog(own, `policy.operations.${id}.accessLog`, taken, on);
    }
  },

  contribute: (scope) => ({
    rules: scope
      .each(({ policy }) => policy.accessLog ?? null)
      .flatMap(({ value, when }) => (value === null ? [] : rulesOf(value, when))),
  }),
};

function checkLog(log: AccessLog | undefined, field: string, taken: ReadonlySet<string>, on: Checker): void {
  log?.headers.forEach((name, index) => {
    const at = `${field}.headers[${index}]`;
    on.require(fits('header', name), at, 'must be letters, digits, `-` and `_`');
    on.require(!taken.has(name.toLowerCase()), at, 'carries a credential, which is never written down');
  });
  on.require((log?.headers.length ?? 0) <= 20, `${field}.headers`, 'must be 20 at most');
}

function rulesOf({ level, sample, headers, audit }: AccessLog, when: readonly string[]): Rule[] {
  const rules: Rule[] = [];
  if (headers.length > 0) {
    const bytes = Math.min(256, Math.floor(HEADER_BYTES / headers.length));
    const members = headers.map((name) => {
      const header = safe('header', name.toLowerCase());
      return `"${header}":"%[req.fhdr(${header}),bytes(0,${bytes}),json(utf8s)]"`;
    });
    rules.push(request('operation', `set-var-fmt(txn.headers) '${members.join(',')}'`, ...when));
  }
  // Evidence is not thinned out.
  if (audit === 'metadata') return [...rules, request('operation', 'set-var(txn.audit) str(metadata)', ...when)];
  const fine = '{ status lt 400 }';
  if (level === 'off') return [request('operation', 'set-log-level silent', ...when)];
  if (level === 'errors') return [...rules, response('set-log-level silent', ...when, fine)];
  if (sample >= 1) return rules;
  const among = Math.max(1, Math.round(sample * FINEST));
  return [
    ...rules,
    response(`set-var(txn.share) str(${among / FINEST})`, ...when, fine),
    response('set-log-level silent', ...when, fine, `{ rand(${FINEST}) ge ${among} }`),
  ];
}

/** Headers that a method of authentication reads. */
function headersOf(auth: AuthPolicy): string[] {
  if (auth.kind === 'anyOf' || auth.kind === 'allOf') return auth.methods.flatMap(headersOf);
  return 'header' in auth && typeof auth.header === 'string' ? [auth.header.toLowerCase()] : [];
}

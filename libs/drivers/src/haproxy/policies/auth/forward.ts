import { native } from '../../capability.ts';
import { fits, quoted, safe } from '../../syntax.ts';
import { isOwnHeader, ownHeaderMessage } from './api-key.ts';
import { askingFiles, askingLines } from './asking.ts';
import { checkUrl } from './introspection.ts';
import { fail, type Method, next, step } from './method.ts';

/** Somebody else decides by the status of an answer. Who calls is not known by it. */
export const forward: Method<'forward'> = {
  capabilities: [
    native('api policy.auth.timeoutMs', 'then 503: nobody is let in unasked'),
    native('api policy.auth.sendHeaders', 'beside `X-Forwarded-Method`, `-Uri`, `-Host` and `-For`'),
    native('api policy.auth.takeHeaders', 'in place of what the client sent under these names'),
  ],

  check(method, field, on) {
    checkUrl(method.url, `${field}.url`, on);
    on.time(method.timeoutMs, `${field}.timeoutMs`);
    method.sendHeaders.forEach((name, index) =>
      on.require(fits('header', name), `${field}.sendHeaders[${index}]`, 'must be letters, digits, `-` and `_`'),
    );
    method.takeHeaders.forEach((name, index) =>
      on.require(isOwnHeader(name), `${field}.takeHeaders[${index}]`, ownHeaderMessage),
    );
  },

  rules({ url, timeoutMs, sendHeaders, takeHeaders }, { api }) {
    const [send, take] = [sendHeaders, takeHeaders].map((names) =>
      names.map((one) => safe('header', one.toLowerCase())),
    );
    // An empty word would be no argument; `-` is no header.
    const list = (names: readonly string[] = []) => quoted(names.join(',') || '-');
    const decided = 'var(txn.decision) -m int';
    return {
      single: [],
      take: [],
      verify: [
        next(`set-var(txn.challenge) ${quoted(`str("Bearer realm=\\"${api}\\"")`)}`),
        next(`lua.gitway_ask ${quoted(url)} ${timeoutMs} ${list(send)} ${list(take)}`),
        fail('no-authorisation', '!{ var(txn.decision) -m found }'),
        fail('no-authorisation', `{ ${decided} 300:399 500:999 }`),
        fail('not-authenticated', `{ ${decided} 401 }`),
        fail('not-authorised', `!{ ${decided} 200:299 }`),
      ],
      strip: (take ?? []).flatMap((name, index) => [
        step(`del-header ${name}`),
        step(`set-header ${name} %[var(txn.taken_${index})]`, `{ var(txn.taken_${index}) -m found }`),
      ]),
      challenge: { format: `%[var(txn.challenge)]`, bearer: false },
      names: 'never',
      files: askingFiles,
      shared: askingLines,
    };
  },
};

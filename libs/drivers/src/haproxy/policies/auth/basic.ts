import { native } from '../../capability.ts';
import { mapNamed } from '../../rule.ts';
import { formatted, quoted } from '../../syntax.ts';
import { fail, lookUp, type Method, next, step } from './method.ts';

/** Name of the list of users, and of the line in `sections` that asks for it. */
export const USERLIST = 'consumers';
const VERIFIED = mapNamed('verified');

/**
 * A password is hashed slowly on purpose (milliseconds, in which HAProxy does nothing else), so one that was right is
 * remembered until the next reload: as the hash of itself, its user, the mark of what the consumer holds, and a salt of
 * the process that is written nowhere.
 */
export const basic: Method<'basic'> = {
  capabilities: [
    native('api policy.auth.realm', 'told in `WWW-Authenticate`'),
    native('consumer basic', '`userlist` with crypt(3); unknown users are refused without hashing'),
  ],

  check({ realm }, field, on) {
    on.require(/^[\x20-\x7e]{1,100}$/.test(realm), `${field}.realm`, 'must be printable ASCII');
  },

  rules({ realm }, { api }) {
    const text = realm === api ? '%[var(txn.api)]' : formatted(realm.replaceAll(/["\\]/g, '\\$&'));
    const remembered = `{ var(txn.password),map_str(${VERIFIED}) -m found }`;
    return {
      single: ['req.fhdr_cnt(authorization)'],
      take: [],
      verify: [
        next('set-var(txn.user) http_auth_user'),
        fail('missing-password', '!{ var(txn.user) -m found }'),
        lookUp(`var(txn.user),sha2(256),hex,lower,map_str(${mapNamed('passwords')})`),
        fail('wrong-password', '!{ var(txn.who) -m found }'),
        // While HAProxy reads its configuration it makes the same number each time: so it is made by the first call.
        next('set-var(proc.salt) uuid', '!{ var(proc.salt) -m found }'),
        next('set-var(txn.password) http_auth_pass'),
        next(
          'set-var-fmt(txn.password) %[var(txn.who),field(5,|)]%[var(proc.salt)]%[var(txn.user)]:%[var(txn.password)]',
        ),
        next('set-var(txn.password) var(txn.password),sha2(256),hex,lower'),
        fail('wrong-password', `!${remembered}`, `!{ http_auth(${USERLIST}) }`),
        next(`set-map(${VERIFIED}) %[var(txn.password)] yes`, `!${remembered}`),
      ],
      strip: [step('del-header authorization', '{ http_auth_user -m found }')],
      challenge: { format: `'Basic realm="'${text}'", charset="UTF-8"'`, bearer: false },
      names: 'always',
      shared: [{ section: 'sections', key: USERLIST, lines: [] }],
    };
  },
};

/** What HAProxy compares passwords with. */
export const userLine = ([name, hash]: readonly [name: string, hash: string]) =>
  `    user ${quoted(name)} password ${quoted(hash)}`;

export const isUserName = (name: string) => /^[\x21-\x39\x3b-\x7e]{1,200}$/.test(name);
export const isPasswordHash = (hash: string) => /^\$(5|6|2[aby]|y)\$[./A-Za-z0-9$=,]{1,190}$/.test(hash);

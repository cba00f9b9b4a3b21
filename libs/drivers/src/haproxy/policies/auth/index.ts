import { type AuthMethod, type AuthPolicy, canonicalJson } from '@gitway/contracts';
import { native } from '../../capability.ts';
import type { Checker } from '../../checker.ts';
import type { Policy } from '../../policy.ts';
import type { ApiScope } from '../../scope.ts';
import { apiKey } from './api-key.ts';
import { basic } from './basic.ts';
import { identify } from './combine.ts';
import { forward } from './forward.ts';
import { introspection } from './introspection.ts';
import { jwt } from './jwt.ts';
import { mtls } from './mtls.ts';
import { type Demand, type Method, type MethodRules, methodsOf } from './method.ts';
import { refusalTitles } from './refusals.ts';

const methods: { readonly [Kind in AuthMethod['kind']]: Method<Kind> } = {
  apiKey,
  jwt,
  basic,
  introspection,
  forward,
  mtls,
};
const methodFor = (kind: AuthMethod['kind']) => methods[kind] as Method<AuthMethod['kind']>;

/**
 * Who calls: reads credentials where the API says, takes them out before the request goes on, and leaves `txn.consumer`
 * and `txn.plans` for the rules behind it.
 */
export const auth: Policy = {
  capabilities: [
    native('api policy.auth.kind', '`none`, or one of the methods; 401 with `WWW-Authenticate`, 403 and why'),
    native('api policy.auth.methods', 'anyOf: the first that holds; allOf: all, and of one consumer'),
    ...Object.values(methods).flatMap(({ capabilities }) => capabilities),
  ],
  check(api, on) {
    checkAuth(api.policy.auth, 'policy.auth', on);
    for (const [id, { auth: own }] of Object.entries(api.policy.operations ?? {})) {
      if (own !== undefined) checkAuth(own, `policy.operations.${id}.auth`, on);
    }
  },
  contribute(scope, provided) {
    const rules = scope
      .each(({ policy }) => withoutDemands(policy.auth))
      .filter(({ value }) => value.kind !== 'none')
      .map(({ value, when }) => {
        const found = methodsOf(value).map((method): MethodRules => {
          const setting = { provided, api: scope.api.name, demands: demandsOf(scope, value, method.kind) };
          return methodFor(method.kind).rules(method, setting);
        });
        return { found, rules: identify(value.kind, found, when) };
      });
    const all = rules.flatMap(({ found }) => found);
    return {
      rules: rules.flatMap((one) => one.rules),
      maps: [...(all.length > 0 ? refusalTitles : []), ...all.flatMap(({ maps }) => maps ?? [])],
      files: all.flatMap(({ files }) => files ?? []),
      shared: all.flatMap(({ shared }) => shared ?? []),
    };
  },
};

function checkAuth(policy: AuthPolicy, field: string, on: Checker): void {
  methodsOf(policy).forEach((method, index) => {
    const at = policy.kind === 'anyOf' || policy.kind === 'allOf' ? `${field}.methods[${index}]` : field;
    methodFor(method.kind).check(method, at, on);
  });
}

/** How the caller is found, which is the same for operations that differ in scopes and claims alone. */
function withoutDemands(policy: AuthPolicy): AuthPolicy {
  if (policy.kind === 'none') return policy;
  if (policy.kind === 'anyOf' || policy.kind === 'allOf') return { ...policy, methods: policy.methods.map(bare) };
  return bare(policy);
}

const bare = (method: AuthMethod): AuthMethod =>
  'scopes' in method || 'claims' in method
    ? (({ scopes: _scopes, claims: _claims, ...rest }) => rest)(method as Extract<AuthMethod, { kind: 'jwt' }>)
    : method;

/** What the operations that find their callers in this way ask of its credentials. */
function demandsOf(scope: ApiScope, policy: AuthPolicy, kind: AuthMethod['kind']): Demand[] {
  const same = canonicalJson(policy);
  const asked = scope.each(({ policy: { auth: own } }) => {
    if (canonicalJson(withoutDemands(own)) !== same) return null;
    const method = methodsOf(own).find((one) => one.kind === kind);
    const scopes = method !== undefined && 'scopes' in method ? (method.scopes ?? []) : [];
    const claims = method !== undefined && 'claims' in method ? (method.claims ?? {}) : {};
    return scopes.length === 0 && Object.keys(claims).length === 0 ? null : { scopes, claims };
  });
  return asked.flatMap(({ value, when }) => (value === null ? [] : [{ ...value, when }]));
}

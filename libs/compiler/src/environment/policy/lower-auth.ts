import type { AuthMethod, AuthPolicy } from '@gitway/contracts';
import { authSchema, plainForm, type AuthSpec, type OperationAuthSpec } from '@gitway/resources';
import { methodDefaults } from './defaults.ts';

/** The PEM blocks of a file that a policy names. */
export type PemBlocks = (path: string) => readonly string[];

type Method = AuthMethod['kind'];

/** @param realm told to callers where none is given */
export function lowerAuth(auth: AuthSpec, realm: string, pem: PemBlocks): AuthPolicy {
  const named = (auth.anyOf ?? auth.allOf ?? []) as readonly (Method | 'none')[];
  const methods = named.filter((name) => name !== 'none').map((name) => lowerMethod(name, auth, realm, pem));
  const [first] = methods;
  if (first === undefined) return { kind: 'none' };
  if (methods.length === 1) return first;
  return { kind: auth.anyOf === undefined ? 'allOf' : 'anyOf', methods };
}

function lowerMethod(name: Method, auth: AuthSpec, realm: string, pem: PemBlocks): AuthMethod {
  const settings = (plainForm(authSchema, { [name]: auth[name] ?? {} }) as Record<Method, Record<string, unknown>>)[
    name
  ];
  const method: Record<string, unknown> = { kind: name, ...methodDefaults[name], ...settings };
  if (name === 'basic') method['realm'] ??= realm;
  if (name === 'mtls') method['ca'] = auth.mtls!.ca.flatMap(pem);
  if (name === 'jwt') {
    const { keys, jwksUri } = auth.jwt!;
    delete method['jwksUri'];
    method['keys'] = jwksUri === undefined ? { pem: (keys ?? []).flatMap(pem) } : { jwksUri };
    if (method['cookie'] === null && method['header'] === null) method['header'] = 'authorization';
  }
  if (name === 'jwt' || name === 'introspection') {
    if (auth.scopes !== undefined && auth.scopes.length > 0) method['scopes'] = [...auth.scopes];
    if (auth.claims !== undefined && Object.keys(auth.claims).length > 0) method['claims'] = auth.claims;
  }
  return method as AuthMethod;
}

/** What one operation asks for: what is said there, over what the API asks for. */
export function operationAuth(api: AuthSpec, operation: OperationAuthSpec): AuthSpec {
  const { anyOf, allOf, scopes, claims } = operation;
  const merged: AuthSpec = { ...api };
  if (anyOf !== undefined || allOf !== undefined) {
    delete merged.anyOf;
    delete merged.allOf;
    if (anyOf === undefined) merged.allOf = allOf;
    else merged.anyOf = anyOf;
  }
  if (scopes !== undefined) merged.scopes = scopes;
  if (claims !== undefined) merged.claims = claims;
  return merged;
}

/** Ways that are named without the settings that they need, and demands that nothing named can carry. */
export function authGaps(auth: AuthSpec): string[] {
  const named = auth.anyOf ?? auth.allOf ?? [];
  const gaps = (['jwt', 'mtls', 'introspection', 'forward'] as const)
    .filter((method) => named.includes(method) && auth[method] === undefined)
    .map((method) => `names \`${method}\`, and the API has no settings for it`);
  const carries = named.includes('jwt') || named.includes('introspection');
  if (!carries && (auth.scopes !== undefined || auth.claims !== undefined)) {
    gaps.push('asks for scopes or claims, and none of the ways to authenticate carries any');
  }
  return gaps;
}

/** Every file that the settings name. */
export const authFiles = (auth: AuthSpec): { path: readonly (string | number)[]; file: string }[] => [
  ...(auth.jwt?.keys ?? []).map((file, index) => ({ path: ['jwt', 'keys', index], file })),
  ...(auth.mtls?.ca ?? []).map((file, index) => ({ path: ['mtls', 'ca', index], file })),
];

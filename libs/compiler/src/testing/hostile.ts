import { expect } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { permissiveDrivers, smallWorkspace, workspaceOf } from './workspace.ts';

type Files = Record<string, string | Uint8Array>;
export const DOCUMENT = 'apis/pets.openapi.yaml';
export const head = "openapi: 3.0.3\ninfo: { title: a, version: '1' }\n";
export const ok = { 200: { description: 'ok' } };
export const asJson = (members: object) =>
  JSON.stringify({ openapi: '3.0.3', info: { title: 'a', version: '1' }, paths: {}, ...members });
export const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const compile = (files: Files) =>
  compileWorkspace(workspaceOf({ ...smallWorkspace(), ...files }), { branch: 'main', drivers: permissiveDrivers });

/** Within the deadline that every test has: what a file can hold up for ever, no machine is quick enough for. */
export const compileInTime = (files: Files) => compile(files);

/** Refused, with one error of this rule that names the file and says what to do first of all. */
export async function expectRefused(files: Files, rule: string, file: string) {
  const { environments, findings } = await compileInTime(files);
  expect(environments.every(({ digest }) => digest === null)).toBe(true);
  const [first] = findings.filter(({ severity }) => severity === 'error');
  expect([first?.rule, first?.where.file]).toEqual([rule, file]);
  expect(first?.hint).toEqual(expect.any(String));
  expect(first!.message.length + first!.hint!.length).toBeLessThan(2_000);
}

export async function expectAccepted(files: Files) {
  const { environments, findings } = await compileInTime(files);
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(environments.map(({ digest }) => digest)).toEqual([expect.any(String)]);
  return environments[0]!;
}

export const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000);
export const laughs = [
  'x-a: &a [x,x,x,x,x,x,x,x,x]',
  ...many(
    9,
    (index) => `x-${'bcdefghij'[index]}: &${'bcdefghij'[index]} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`,
  ),
].join('\n');

/** Nothing that a file holds may reach what all objects share. */
export function expectNothingPolluted() {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
}

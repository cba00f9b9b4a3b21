import { expect } from '@jest/globals';
import type { Finding } from '@gitway/contracts';
import { compileWorkspace } from '../../compile-workspace.ts';
import { MemoryCache } from '../../memory-cache.ts';
import { liveRules } from '../../rules/index.ts';
import { api, openApi, permissiveDrivers, smallWorkspace, workspaceOf } from '../../testing/workspace.ts';
import type { CompiledWorkspace, CompileOptions } from '../../workspace.ts';
import { liveFromCompiled } from '../live-from-compiled.ts';
import type { ApiUsage, LiveEnvironment, UsageEntry } from '../live.ts';

export type Files = Record<string, string>;

export const now = new Date('2026-11-23T12:00:00Z');
export const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
export const long = hoursAgo(24 * 60);

export const operation = (path: string, method: string, id: string, extra = '') =>
  `  ${path}:\n    ${method}:\n      operationId: ${id}\n${extra}      responses: { '200': { description: ok } }\n`;
export const list = operation('/pets', 'get', 'listPets');
export const id = '      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]\n';
export const remove = operation('/pets/{id}', 'delete', 'deletePet', id);
export const both = { 'apis/pets.openapi.yaml': openApi('Pets', list + remove) };
export const listOnly = { 'apis/pets.openapi.yaml': openApi('Pets', list) };
export const publicApi = (extra = '', basePath = '/pets') => ({
  'apis/pets.yaml': api('pets', `  visibility: public\n${extra}`, basePath),
});
export const ruleSet = (breaking: string): Files => ({
  'rules.yaml': `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n  breaking:\n${breaking}`,
});
export const called = (entries: Partial<UsageEntry>[]): ApiUsage => ({
  knownSince: long,
  entries: entries.map((entry) => ({
    operation: 'deletePet',
    consumer: 'acme',
    calls: 1,
    lastAt: hoursAgo(2),
    ...entry,
  })),
});

export interface Case {
  live?: Files;
  revision: Files;
  usage?: ApiUsage;
  more?: Partial<LiveEnvironment>;
  options?: Partial<CompileOptions>;
}

export const judge = async (input: Case): Promise<readonly Finding[]> => (await judgeWhole(input)).findings;

export async function judgeWhole({
  live = {},
  revision,
  usage = called([]),
  more = {},
  options = {},
}: Case): Promise<CompiledWorkspace> {
  const base = workspaceOf({ ...smallWorkspace(), ...publicApi(), ...both, ...live });
  const cache = new MemoryCache();
  const compiled = await compileWorkspace(base, { drivers: permissiveDrivers, now, cache });
  expect(compiled.findings).toEqual([]);
  const files = { ...smallWorkspace(), ...publicApi(), ...both, ...live, ...revision };
  return compileWorkspace(workspaceOf(files), {
    drivers: permissiveDrivers,
    now,
    cache,
    live: (environment) => {
      const from = liveFromCompiled(compiled, environment, base, { name: 'live', usage: () => Promise.resolve(usage) });
      return Promise.resolve(from === null ? null : { ...from, ...more });
    },
    ...options,
  });
}

/** Breaking changes alone: what else an edit leaves behind has specs of its own. */
export const only = (findings: readonly Finding[], rule: string): Finding => {
  const breaking = new Set(liveRules.map(({ id: known }) => known));
  const found = findings.filter((each) => breaking.has(each.rule));
  expect(found.map((each) => each.rule)).toEqual([rule]);
  return found[0]!;
};
export const removal = 'api-path-removed-without-deprecation';

import type { Finding } from '@gitway/contracts';
import type { ApiUsage } from '../../breaking/live.ts';
import { compileWorkspace } from '../../compile-workspace.ts';
import { MemoryCache } from '../../memory-cache.ts';
import { api, openApi, permissiveDrivers, smallWorkspace, workspaceOf } from '../../testing/workspace.ts';
import type { WorkspaceReader } from '../../workspace.ts';
import { changedRules, ruleDigests } from '../rule-changes.ts';
import { heardFiles, ruleChangeFindings } from '../impact-of-rules.ts';

export const now = new Date('2026-11-23T12:00:00Z');
export type Files = Record<string, string>;

export const ruleSet = (spec: string): Files => ({
  'rules/house.yaml': `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n${spec}`,
});
export const trial = (files: Files): Files => ({
  ...files,
  'rules/house.yaml': files['rules/house.yaml']!.replace('spec:', 'spec:\n  mode: trial'),
});

const bare = "  /things:\n    get:\n      responses: { '200': { description: ok } }\n";
/** Three APIs: cats is public and dogs experimental; only dogs names its operation. */
export const zoo = (): Files => ({
  ...smallWorkspace(),
  'apis/cats.yaml': api('cats', '  visibility: public\n'),
  'apis/cats.openapi.yaml': openApi('Cats', bare),
  'apis/pets.openapi.yaml': openApi('Pets', bare),
  'apis/dogs.yaml': api('dogs', '  lifecycle: experimental\n'),
  'apis/dogs.openapi.yaml': openApi('Dogs'),
});

const cache = new MemoryCache();
export const compile = (reader: WorkspaceReader) =>
  compileWorkspace(reader, { drivers: permissiveDrivers, now, cache });

export interface Change {
  live?: Files;
  /** On top of what is live. */
  revision: Files;
  usage?: (api: string) => ApiUsage;
  hear?: { unknown: string };
  /** What the files of what is live turn out to be. */
  files?: Files;
}

/** What whoever changes rules is told. */
export async function told({ live = {}, revision, usage, hear, files = {} }: Change): Promise<readonly Finding[]> {
  const base = workspaceOf({ ...zoo(), ...live });
  const before = await compile(base);
  const after = await compile(workspaceOf({ ...zoo(), ...live, ...revision }));
  const environment = 'staging';
  const { units } = before.environments.find(({ name }) => name === environment)!;
  const changed = changedRules(
    after.rules,
    ruleDigests(after.rules, environment),
    ruleDigests(before.rules, environment),
  );
  return ruleChangeFindings(changed, after.rules, {
    environment,
    now,
    units: [...units.values()],
    hear: async (rules) => {
      if (hear !== undefined) return hear;
      const hearing = { rules, environments: [environment] };
      return heardFiles(
        await compileWorkspace(workspaceOf({ ...zoo(), ...live, ...files }), {
          drivers: permissiveDrivers,
          now,
          cache,
          hearing,
        }),
        environment,
      );
    },
    usage: (name) => Promise.resolve(usage?.(name) ?? { unknown: 'nobody told' }),
  });
}

export const messages = async (change: Change) =>
  (await told(change)).map(({ severity, message }) => `${severity} ${message}`);

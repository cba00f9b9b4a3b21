import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { guardrailLimits } from '@gitway/guardrails';
import { compileWorkspace } from '../compile-workspace.ts';
import { MemoryCache } from '../memory-cache.ts';
import { api, openApi, permissiveDrivers, smallWorkspace, workspaceOf } from '../testing/workspace.ts';

const APIS = 300;
/** Looks at every pair of APIs for every API: far more steps than all rules together may take. */
const burning = `apiVersion: gitway.dev/v1
kind: RuleSet
metadata: { name: burning }
spec:
  guardrails:
    - id: burns
      appliesTo: { kind: Api }
      severity: warning
      expression: apis.all(a, apis.all(b, a.name != api.name || b.name != '' || a.owner == b.owner))
      message: Never said.
`;

it('rules that burn all of their steps leave room for other work, and say the same each time', async () => {
  const files: Record<string, string> = { ...smallWorkspace(), 'rules.yaml': burning };
  for (let index = 0; index < APIS; index++) {
    files[`a${index}.yaml`] = api(`a${index}`);
    files[`a${index}.openapi.yaml`] = openApi(`a${index}`);
  }
  const cache = new MemoryCache();
  // Files and documents are known then: what is left is the judging.
  const compile = async (breathe: () => Promise<void>) => {
    const workspace = workspaceOf(files);
    return compileWorkspace(workspace, { branch: 'main', drivers: permissiveDrivers, cache, breathe });
  };
  const first = await compile(() => Promise.resolve());
  const failed = first.findings.filter(({ rule }) => rule === 'guardrail-failed');
  expect(failed.length).toBeGreaterThan(APIS / 2);
  let beats = 0;
  let over = false;
  const heart = (async () => {
    for (; !over; beats++) await setImmediate();
  })();
  const second = await compile(() => setImmediate());
  over = true;
  await heart;
  expect(second.findings).toEqual(first.findings);
  expect(second.runs).toEqual({ files: 0, documents: 0, units: 0 });
  // A pause at least for each evaluation that takes all of its steps.
  expect(beats).toBeGreaterThanOrEqual(guardrailLimits.maxTotalSteps / guardrailLimits.maxSteps);
}, 120_000);

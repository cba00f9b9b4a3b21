import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { serversWith } from '../testing/remote.ts';
import { openApi, permissiveDrivers, smallWorkspace, workspaceOf } from '../testing/workspace.ts';
import { liveFromCompiled } from './live-from-compiled.ts';

const now = new Date('2026-11-23T12:00:00Z');
const parts = 'https://specs.example.com/parts.yaml';
const pets = 'apis/pets.openapi.yaml';
const document = openApi('Pets', `  /pets:\n    $ref: '${parts}#/pets'\n`);
const operation = "{ operationId: listPets, responses: { '200': { description: ok } } }";
const one = `pets: { get: ${operation} }\n`;
const asked = `pets: { get: ${operation.replace('{ op', '{ parameters: [{ name: tag, in: query, required: true, schema: { type: string } }], op')} }\n`;

async function changes(before: string, after: string, edit = (text: string) => text) {
  const base = workspaceOf({ ...smallWorkspace(), [pets]: document });
  const options = { drivers: permissiveDrivers, now };
  const compiled = await compileWorkspace(base, { ...options, remote: serversWith({ [parts]: before }) });
  expect(compiled.findings).toEqual([]);
  const usage = () => Promise.resolve({ unknown: 'nobody was asked' });
  const { findings } = await compileWorkspace(workspaceOf({ ...smallWorkspace(), [pets]: edit(document) }), {
    ...options,
    remote: serversWith({ [parts]: after }),
    live: (environment) => Promise.resolve(liveFromCompiled(compiled, environment, base, { name: 'live', usage })),
  });
  return findings;
}

describe('breaking changes behind another server', () => {
  it('are found where that server changed and the repository did not, at the $ref', async () => {
    const findings = await changes(one, asked);
    expect(findings.map(({ rule }) => rule)).toEqual(['new-required-request-parameter']);
    expect(findings[0]!.where).toMatchObject({ file: pets, range: { line: 5 } });
  });

  it('are measured by what was deployed, not by what the server says today', async () => {
    expect(await changes(asked, asked, (text) => text.replace('Pets', 'Our pets'))).toEqual([]);
    expect((await changes(one, asked, (text) => text.replace('Pets', 'Our pets'))).map(({ rule }) => rule)).toEqual([
      'new-required-request-parameter',
    ]);
  });
});

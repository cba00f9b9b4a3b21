import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { permissiveDrivers, smallWorkspace, workspaceOf } from '../testing/workspace.ts';
import { fileOfReference, follow, splitReference, stepsOfFragment } from './reference.ts';

describe('a reference', () => {
  it.each([
    ['#/a', '', '/a'],
    ['./b.yaml', './b.yaml', ''],
    ['b.yaml#/a#b', 'b.yaml', '/a#b'],
  ])('%s is a file and a fragment', (reference, file, fragment) => {
    expect(splitReference(reference)).toEqual({ file, fragment });
  });

  it('names files as URIs do', () => {
    expect(fileOfReference('apis/a.yaml', './my%20pets.yaml#/x')).toEqual({ path: 'apis/my pets.yaml' });
    expect(fileOfReference('apis/a.yaml', '#/x')).toEqual({ path: 'apis/a.yaml' });
    expect(fileOfReference('a.yaml', '%2e%2e/x')).toEqual({ refused: 'outside' });
    expect(fileOfReference('a.yaml', '100%.yaml')).toEqual({ path: '100%.yaml' });
  });

  it('decodes a step by itself, then its escapes', () => {
    expect(stepsOfFragment('/paths/~1pets~1%7Bid%7D/a%2Fb/~01')).toEqual(['paths', '/pets/{id}', 'a/b', '~1']);
  });

  it('is followed to the end, and no further', () => {
    const files = new Map([['a.yaml', { value: { a: { $ref: '#/a' } } }]]);
    expect(follow('#/a', 'a.yaml', files)).toMatchObject({ $ref: '#/a' });
    expect(follow('#/constructor', 'a.yaml', files)).toBeUndefined();
    expect(follow('https://example.com/a.yaml', 'a.yaml', files)).toBeUndefined();
  });
});

describe('operations behind references', () => {
  it('are found in files with encoded names, and through files in other folders', async () => {
    const { environments, findings } = await compileWorkspace(
      workspaceOf({
        ...smallWorkspace(),
        'apis/pets.openapi.yaml':
          "openapi: 3.0.3\ninfo: { title: Pets, version: '1' }\npaths:\n  /pets:\n    $ref: './parts/my%20pets.yaml#/~1pets'\n  /dogs:\n    $ref: 'parts/dogs.yaml'\n",
        'apis/parts/my pets.yaml':
          "/pets:\n  get: { operationId: listPets, responses: { '200': { description: ok } } }\n",
        'apis/parts/dogs.yaml': "$ref: './more/dogs.yaml'\n",
        'apis/parts/more/dogs.yaml': "get: { operationId: listDogs, responses: { '200': { description: ok } } }\n",
      }),
      { drivers: permissiveDrivers },
    );
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const unit = [...environments[0]!.units.values()].find((each) => each.kind === 'api');
    expect(unit).toMatchObject({ operations: [{ id: 'listDogs' }, { id: 'listPets' }] });
  });
});

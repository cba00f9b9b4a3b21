import { expect, it } from '@jest/globals';
import { readDocument } from '../read-document.ts';
import { shop, split } from '../../testing/swagger-documents.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

function read(files: Readonly<Record<string, string>>) {
  const path = Object.keys(files)[0]!;
  const open = (other: string) => {
    const text = files[other];
    return Promise.resolve(text === undefined ? { refused: 'absent' as const } : { bytes: bytesOf(text) });
  };
  return readDocument({ path, bytes: bytesOf(files[path]!), settings: {}, open });
}

it('reads Swagger 2.0 with a note and nothing else to say', async () => {
  for (const files of [{ 'shop.yaml': shop }, split]) {
    const { model, findings } = await read(files);
    expect(findings.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual(['info openapi-version']);
    expect(model!.operations.length).toBeGreaterThan(2);
  }
});

it('knows the operations of a path that lies in another file, and finds what is wrong where it stands', async () => {
  const { model, findings } = await read({
    ...split,
    'api/paths/pets.yaml': split['api/paths/pets.yaml']!.replace(
      'operationId: createPet',
      'operationId: listPets',
    ).replace('{ description: Created. }', '{ descripton: Created. }'),
  });
  expect(model!.operations.map(({ id }) => id)).toEqual(['listPets', 'post /pets', 'readPet']);
  expect(findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        rule: 'openapi-duplicate-operation-id',
        where: expect.objectContaining({ file: 'api/paths/pets.yaml', field: 'post.operationId' }),
      }),
      expect.objectContaining({
        rule: 'openapi-structure',
        where: expect.objectContaining({ file: 'api/paths/pets.yaml' }),
      }),
    ]),
  );
});

it('passes over what `x-gitway-ignore` of the original says', async () => {
  const ignore = `x-gitway-ignore: { rule: openapi-operation-id, reason: Old., until: 2027-01-31 }`;
  const text = `swagger: '2.0'\ninfo: { title: X, version: '1' }\npaths:\n  /a:\n    post:\n      ${ignore}\n      parameters: [{ name: b, in: body, schema: { type: string } }]\n      responses: { '200': { description: ok } }\n`;
  const { findings } = await read({ 'x.yaml': text });
  expect(findings).toMatchObject([{ rule: 'openapi-operation-id', ignoredBy: [0] }, { rule: 'openapi-version' }]);
});

it('says what has no counterpart', async () => {
  const text = shop.replace('collectionFormat: pipes', 'collectionFormat: tsv');
  const { model, findings } = await read({ 'shop.yaml': text });
  expect(model).not.toBeNull();
  expect(findings).toMatchObject([
    { rule: 'swagger-conversion', severity: 'warning', where: { range: { line: 20 } } },
    {},
  ]);
});

import { expect, it } from '@jest/globals';
import { MemoryCache, nothingLasts } from '../memory-cache.ts';
import { shop, split } from '../testing/swagger-documents.ts';
import { documentChanges } from './document-changes.ts';

let number = 0;
const sourceOf = (files: Readonly<Record<string, string>>) => ({
  digest: `sha256:${String(number++)}`,
  source: {
    root: Object.keys(files)[0]!,
    list: () =>
      Promise.resolve(
        Object.keys(files).map((path) => ({ path, mode: '100644', oid: path, size: files[path]!.length })),
      ),
    read: (path: string) => Promise.resolve(new TextEncoder().encode(files[path])),
  },
});

async function changes(base: Readonly<Record<string, string>>, revision: Readonly<Record<string, string>>) {
  const means = { cache: new MemoryCache(), lasting: nothingLasts };
  const compared = await documentChanges(sourceOf(base), sourceOf(revision), '2026-11-23', means);
  if (!('changes' in compared)) throw new Error(compared.notCompared);
  return compared.changes;
}

const lineOf = (text: string, of: string) => text.slice(0, text.indexOf(of)).split('\n').length;

it('finds nothing between a Swagger 2.0 document and itself', async () => {
  expect(await changes({ 'shop.yaml': shop }, { 'shop.yaml': shop })).toEqual([]);
  expect(await changes(split, split)).toEqual([]);
});

it('finds what breaks callers of a Swagger 2.0 document, at its line', async () => {
  const revision = shop
    .replace(
      '{ name: user, in: formData, type: string, required: true, minLength: 3 }',
      '{ name: user, in: formData, type: string, required: true, minLength: 9 }',
    )
    .replace(
      'tenant: { name: X-Tenant, in: header, required: true, type: string }',
      'tenant: { name: X-Tenant, in: header, required: true, type: integer }',
    );
  expect(revision).not.toBe(shop);
  const found = await changes({ 'shop.yaml': shop }, { 'shop.yaml': revision });
  const errors = found.filter(({ level }) => level === 'error');
  expect(new Set(errors.map(({ where }) => where.range?.line))).toEqual(
    new Set([lineOf(revision, 'name: user'), lineOf(revision, 'tenant: {')]),
  );
});

it('finds it in the file in which it stands', async () => {
  const revision = {
    ...split,
    'shared/common.yaml': split['shared/common.yaml']!.replace(
      'id: { name: id, in: path, required: true, type: string }',
      'id: { name: id, in: path, required: true, type: integer }',
    ),
  };
  const found = await changes(split, revision);
  expect(found).toMatchObject([{ level: 'error', where: { file: 'shared/common.yaml' } }]);
});

it('compares Swagger 2.0 with the OpenAPI 3 document that takes its place', async () => {
  const old = `swagger: '2.0'\ninfo: { title: X, version: '1' }\npaths:\n  /a:\n    get:\n      parameters: [{ name: q, in: query, type: string }]\n      responses: { '200': { description: ok } }\n`;
  const next = `openapi: 3.0.3\ninfo: { title: X, version: '1' }\npaths:\n  /a:\n    get:\n      parameters: [{ name: q, in: query, required: true, schema: { type: string } }]\n      responses: { '200': { description: ok } }\n`;
  const same = next.replace('required: true, ', '');
  expect(await changes({ 'x.yaml': old }, { 'x.yaml': same })).toEqual([]);
  expect(await changes({ 'x.yaml': old }, { 'x.yaml': next })).toMatchObject([
    { level: 'error', where: { file: 'x.yaml' } },
  ]);
});

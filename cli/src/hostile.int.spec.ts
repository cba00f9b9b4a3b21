import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { tempDir } from '@gitway/testing';
import { runCli } from './testing/run-cli.ts';
import { freshRepository } from './testing/sample-repository.ts';

const temp = tempDir();
let folder: string;
beforeEach(() => {
  folder = join(temp.path(), 'repository');
  freshRepository(folder);
});

const head = "openapi: 3.0.3\ninfo: { title: a, version: '1' }\n";
const plan = 'apiVersion: gitway.dev/v1\nkind: Plan\nmetadata: { name: free }\n';
const document = 'apis/pets/openapi.yaml';

/** Checks the folder with one file more; the first error, once the format and the time have held. */
async function refusedFor(path: string, content: string | Uint8Array) {
  writeFileSync(join(folder, path), content);
  const { exitCode, out } = await runCli(['check', folder, '--json', '--severity', 'error']);
  expect(exitCode).toBe(1);
  const { findings } = JSON.parse(out) as { findings: { rule: string; hint: string; where: { file: string } }[] };
  expect(findings[0]?.hint).toEqual(expect.any(String));
  return [findings[0]?.rule, findings[0]?.where.file];
}

describe('gitway check of a folder that means harm', () => {
  it.each<[string, string, string | Uint8Array, string]>([
    ['NUL characters', 'x.yaml', 'a: \u0000', 'unreadable-file'],
    ['UTF-16', 'x.yaml', Buffer.from('\uFEFFa: 1', 'utf16le'), 'unreadable-file'],
    ['a line end in a name', 'a\nb.yaml', 'a: [', 'unreadable-file'],
    ['a resource whose name is 900 KB', 'x.yaml', plan.replace('free', 'a'.repeat(900_000)), 'missing-field'],
    ['a document that is nested 100,000 deep', document, `${head}x-a: ${'['.repeat(100_000)}`, 'document-too-complex'],
    ['references in a chain of 100,000', document, chain(100_000), 'openapi-ref'],
    [
      '47 MB of YAML with an open bracket',
      document,
      `${head}x-a:\n${'  - abcdefgh\n'.repeat(3_600_000)}x-b: [`,
      'openapi-syntax',
    ],
    ['51 MB', 'x.yaml', `${head}# ${'a'.repeat(51_000_000)}`, 'file-too-large'],
  ])('%s: refused, with what to do', async (_, path, content, rule) => {
    expect(await refusedFor(path, content)).toEqual([rule, path]);
  });

  it('47 MB of JSON are read, or refused where they are wrong', async () => {
    const schema = (index: number) => `"s${index}": {"type": "object", "properties": {"a": {"type": "string"}}}`;
    const schemas = Array.from({ length: 620_000 }, (_, index) => schema(index)).join(',\n');
    const text = `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {}, "components": {"schemas": {\n${schemas},\n"s7": {}}}}`;
    expect(text.length).toBeGreaterThan(43_000_000);
    expect(await refusedFor(document, text)).toEqual(['duplicate-key', document]);
  });
});

function chain(length: number): string {
  const links = Array.from({ length }, (_, index) => `    s${index}: { $ref: '#/components/schemas/s${index + 1}' }\n`);
  return `${head}paths: {}\ncomponents:\n  schemas:\n${links.join('')}    s${length}: { type: string }\n`;
}

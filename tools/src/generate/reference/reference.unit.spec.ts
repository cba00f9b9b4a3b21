import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { jsonSchemaOf, kinds, readResourceFile, type JsonSchema } from '@gitway/resources';
import { repositoryRoot } from '../../repository-root.ts';
import { exampleOf } from './examples.ts';
import { membersOf } from './shared-types.ts';
import { referencePages } from './pages.ts';
import { compileFiles } from './rules-by-kind.ts';

const pages = await referencePages();
const folder = join(repositoryRoot, 'docs/reference');
const yamlBlocks = (text: string) => [...text.matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) => block!);

describe('the reference', () => {
  it('has no other pages than those that are generated', () => {
    expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
  });

  it.each([...pages])('docs/reference/%s is current (npm run generate)', (name, content) => {
    expect(readFileSync(join(folder, name), 'utf8')).toBe(content);
  });

  it.each(kinds)('the page of %s has an example, which compiles without an error', async (kind) => {
    const example = exampleOf(kind);
    expect(example).toBeDefined();
    const blocks = yamlBlocks(pages.get(`${kind.toLowerCase()}.md`)!);
    expect(blocks).toEqual([example!.shown]);
    expect(Object.values(example!.files)).toContain(example!.shown);
    const { resources, findings } = readResourceFile('example.yaml', Buffer.from(example!.shown));
    expect([resources.map((resource) => resource.kind), findings]).toEqual([[kind], []]);
    const result = await compileFiles(example!.files);
    expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(result.environments.every(({ digest }) => digest !== null)).toBe(true);
  });

  it.each(kinds)('every field of %s stands on its page or on that of the types', (kind) => {
    const schema = jsonSchemaOf(kind);
    const text = pages.get(`${kind.toLowerCase()}.md`)! + pages.get('types.md')!;
    const missing = fieldNames(schema, schema).filter(
      (name) => !new RegExp(String.raw`[.\x60]${escape(name)}\x60 \|`).test(text),
    );
    expect(missing).toEqual([]);
  });

  it('says what a gateway does of a field that stands for several things of it, and what nothing acts on yet', () => {
    const row = (page: string, field: string) =>
      pages
        .get(page)!
        .split('\n')
        .find((line) => line.startsWith(`| \`${field}\``));
    expect(row('api.md', 'spec.plans')).toContain('[haproxy](../drivers/haproxy.md) |');
    expect(pages.get('types.md')).toMatch(/`on` \|.*\[haproxy\]\(\.\.\/drivers\/haproxy\.md\) \(in part\)/);
    expect(row('api.md', 'spec.policy.mirror')).toContain('not [haproxy]');
    expect(row('environment.md', 'spec.freeze')).toContain('Not acted on yet. Leave it out');
    expect(row('environment.md', 'spec.promotion.mode')).toContain('`manual` is not acted on yet.');
    expect(pages.get('notification.md')).toContain('Not acted on yet. Subscribe over HTTP');
    expect(pages.get('types.md')).not.toContain('`OPTIONS)`');
  });

  it('has no link that leads nowhere', () => {
    const anchors = (text: string) =>
      new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!.toLowerCase()));
    const broken: string[] = [];
    for (const [name, text] of pages) {
      for (const [, target] of text.replaceAll(/```.*?```/gs, '').matchAll(/\]\(([^)]+)\)/g)) {
        if (target!.startsWith('https://')) continue;
        const [path, anchor] = target!.split('#') as [string, string?];
        const found =
          pages.get(path) ?? (path.startsWith('../') ? readFileSync(join(folder, path), 'utf8') : undefined);
        if (found === undefined || (anchor !== undefined && !anchors(found).has(anchor)))
          broken.push(`${name}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it('says of policies what the gateways make of them, wherever they stand', () => {
    const row = /`requests` \| whole number.*\[haproxy\]\(\.\.\/drivers\/haproxy\.md\) \|/;
    expect(pages.get('types.md')).toMatch(row);
    expect(pages.get('policy.md')).toContain('types.md#ratelimit');
  });
});

const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

function fieldNames(schema: JsonSchema, root: JsonSchema, depth = 0): string[] {
  if (depth > 12) return [];
  return membersOf(schema, root).flatMap(({ step, schema: inner }) => [
    ...(step.startsWith('.') && step !== '.<name>' && !['.apiVersion', '.kind'].includes(step) ? [step.slice(1)] : []),
    ...fieldNames(inner, root, depth + 1),
  ]);
}

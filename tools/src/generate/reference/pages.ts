import { ruleOf } from '@gitway/compiler';
import { starterRules } from '@gitway/guardrails';
import { jsonSchemaOf, kinds, type JsonSchema, type Kind } from '@gitway/resources';
import { exampleOf } from './examples.ts';
import { notActedOn } from './acted-on.ts';
import { fieldRows, type FieldRow } from './field-rows.ts';
import { rulesByKind } from './rules-by-kind.ts';
import { SharedTypes, type SharedType } from './shared-types.ts';

const generated = '<!-- Generated from libs/resources/src/schema by `npm run generate`: do not edit. -->';
const fileOf = (kind: Kind) => `${kind.toLowerCase()}.md`;

/** File name → content of every page under `docs/reference/`. */
export async function referencePages(): Promise<Map<string, string>> {
  const schemas = new Map(kinds.map((kind) => [kind, jsonSchemaOf(kind)]));
  const types = new SharedTypes(schemas);
  const rules = await rulesByKind();
  const pages = new Map<string, string>();
  for (const [kind, schema] of schemas) pages.set(fileOf(kind), kindPage(kind, schema, types, rules.get(kind) ?? []));
  pages.set('types.md', typesPage(types, schemas));
  pages.set('README.md', indexPage(schemas));
  return pages;
}

function kindPage(kind: Kind, schema: JsonSchema, types: SharedTypes, rules: readonly string[]): string {
  const rows = fieldRows(schema, { root: schema, types, kind, base: '' }).filter(
    ({ path }) => path !== 'apiVersion' && path !== 'kind',
  );
  const guardrails = starterRules.filter(({ appliesTo }) => appliesTo.kind === kind);
  return page([
    `# ${kind}`,
    '',
    generated,
    '',
    [schema.description, notActedOn(kind)].filter((text) => text !== undefined).join(' '),
    '',
    ...exampleLines(kind),
    '## Fields',
    '',
    ...table(rows),
    ...(rules.length === 0
      ? []
      : ['## Rules', '', ...rules.map((id) => `- [${id}](../rules/${id}.md): ${ruleOf(id)!.summary}`), '']),
    ...(guardrails.length === 0
      ? []
      : [
          '## Guardrails',
          '',
          'In force where a [RuleSet](ruleset.md) takes them in.',
          '',
          ...guardrails.map(({ id, rationale }) => `- [${id}](../guardrails/${id}.md): ${rationale}`),
          '',
        ]),
  ]);
}

function exampleLines(kind: Kind): string[] {
  const example = exampleOf(kind);
  if (example === undefined) return [];
  return ['## Example', '', '```yaml', example.shown.trimEnd(), '```', ''];
}

function typesPage(types: SharedTypes, schemas: ReadonlyMap<Kind, JsonSchema>): string {
  return page([
    '# Types',
    '',
    generated,
    '',
    'Groups of fields that stand in several places with one meaning.',
    '',
    ...types.all.flatMap((type) => typeSection(type, types, schemas)),
  ]);
}

function typeSection(type: SharedType, types: SharedTypes, schemas: ReadonlyMap<Kind, JsonSchema>): string[] {
  const { kind, path } = type.first;
  const scope = { root: schemas.get(kind)!, types, kind, base: path };
  const uses = type.uses.map(({ owner, path: at, isKind }) => {
    const name = types.ownerName(owner);
    return `[${name}](${isKind ? fileOf(owner as Kind) : `types.md#${name.toLowerCase()}`})${at === '' ? '' : ` \`${at}\``}`;
  });
  return [
    `## ${type.name}`,
    '',
    ...(type.schema.description === undefined ? [] : [type.schema.description, '']),
    `Stands in: ${[...new Set(uses)].join(', ')}.`,
    '',
    ...table(fieldRows(type.schema, scope)),
  ];
}

function indexPage(schemas: ReadonlyMap<Kind, JsonSchema>): string {
  return page([
    '# Reference',
    '',
    generated,
    '',
    'Every document has the same head: `apiVersion: gitway.dev/v1`, `kind`, `metadata` and `spec`. It may lie in any',
    '`*.yaml`, `*.yml` or `*.json` file of a repository, several in one file. A field that is not named here is an error,',
    'with what was probably meant.',
    '',
    '| kind | what it declares |',
    '| --- | --- |',
    ...[...schemas].map(([kind, { description = '' }]) => `| [${kind}](${fileOf(kind)}) | ${cell(description)} |`),
    '',
    'Groups of fields that stand in several kinds are [types](types.md). What a gateway makes of each field is on the',
    'pages of the drivers ([HAProxy](../drivers/haproxy.md)), every rule on a page of [its own](../rules/README.md).',
    '',
    '## In an editor',
    '',
    '```sh',
    'gitway schema --write schemas',
    '```',
    '',
    'writes the JSON Schemas that these pages are made from. With yaml-language-server (VS Code, Neovim, JetBrains and',
    'others) a line above a document makes the editor complete, explain and check it:',
    '',
    '```yaml',
    '# yaml-language-server: $schema=./schemas/gitway.json',
    '```',
    '',
    'It holds for the one document that it stands above: in a file of several, each has a line of its own. For whole files',
    'the settings of the editor name them (VS Code: `.vscode/settings.json`); leave OpenAPI documents out of the patterns:',
    '',
    '```json',
    '{ "yaml.schemas": { "./schemas/gitway.json": ["apis/*/api.yaml", "policies/*.yaml", "platform.yaml"] } }',
    '```',
    '',
    '`gitway.json` takes any kind, by the field `kind`; `gitway schema <kind>` prints the schema of one. Tried with',
    'yaml-language-server 2.0.0 (from the second document of a file on, it completes keys from their first letter).',
    '',
    '## Files that are left out',
    '',
    'Folders that begin with a dot, `node_modules`, and what `.gitwayignore` at the root of the repository names are not',
    'searched for resources: by the platform, and by `gitway check`, `plan` and `diff` in a folder (where the folder that',
    'they are given is the root). It is written as `.gitignore` is',
    '([gitignore(5)](https://git-scm.com/docs/gitignore)): one pattern a line, `!` takes back, a `/` at the end means',
    'folders, one before that ties the pattern to the root. `?` and sets are letters of Unicode, and no set holds a `/`.',
    '',
    '```gitignore',
    '# Helm charts are not for Gitway, but for one.',
    '/charts/*',
    '!/charts/gateway/',
    '*.tpl.yaml',
    '```',
    '',
    'A file that is left out can still be referred to, as an OpenAPI document or by a `$ref`. What Git itself ignores is',
    'in no commit, and so not on the platform; in a folder `gitway check` sees it unless it is named here too.',
    '',
    '## Variables',
    '',
    'A string of a `spec` may hold `${name}`, filled in by the variable of that name of each',
    '[Environment](environment.md), and is checked once more then. Names, references and fields that choose from a list of',
    'words take none.',
    '',
  ]);
}

function table(rows: readonly FieldRow[]): string[] {
  if (rows.length === 0) return [];
  const honours = rows.some(({ honoured }) => honoured !== '');
  const head = ['field', 'type', 'default', 'limits', 'what it is', ...(honours ? ['gateways'] : [])];
  return [
    `| ${head.join(' | ')} |`,
    `|${' --- |'.repeat(head.length)}`,
    ...rows.map(({ path, type, required, fallback, limits, about, honoured }) => {
      const name = `\`${path}\``;
      const cells = [
        name,
        cell(type),
        required ? '**required**' : fallback === '' ? '' : `\`${cell(fallback)}\``,
        cell(limits),
        cell(about),
        ...(honours ? [honoured] : []),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
  ];
}

/** Angle brackets would be taken for HTML, bars for the next cell. */
const cell = (text: string) =>
  text
    .replaceAll('|', String.raw`\|`)
    .replaceAll('\n', ' ')
    .replaceAll(/<(?=[a-z])/g, '&lt;');

const page = (lines: readonly string[]) => `${lines.join('\n').trimEnd()}\n`;

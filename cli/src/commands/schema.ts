import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidInputError, messageOf } from '@gitway/errors';
import { jsonSchemaOf, jsonSchemaOfAll, kinds, schemaFiles, suggestionHint } from '@gitway/resources';
import type { Command } from 'commander';
import { clean } from '../render/text.ts';
import { examples, globalsOf, type Context } from './context.ts';

const help = `
Editors complete and check with them. Above a document, for every editor with yaml-language-server:

  # yaml-language-server: $schema=./schemas/gitway.json

or for a whole folder, in the settings of VS Code: { "yaml.schemas": { "./schemas/gitway.json": "gateway/**/*.yaml" } }
`;

/** The JSON Schemas of the configuration language, for editors. */
export function addSchema(program: Command, { io }: Context): void {
  program
    .command('schema')
    .argument('[kind]', `${kinds.join(', ')}; any of them when not given`)
    .description('the JSON Schema of a kind, or of any resource, for editors')
    .option('--write <folder>', 'write all of them into a folder: gitway.json takes any kind')
    .addHelpText(
      'after',
      `${examples('gitway schema > gitway.schema.json', 'gitway schema Api', 'gitway schema --write schemas')}${help}`,
    )
    .action(async (kind: string | undefined, options: { write?: string }, command: Command) => {
      if (options.write === undefined) {
        io.out(`${JSON.stringify(kind === undefined ? jsonSchemaOfAll() : jsonSchemaOf(kindOf(kind)), null, 2)}\n`);
        return;
      }
      if (kind !== undefined) {
        throw new InvalidInputError('kind-and-write', '--write writes the schemas of all kinds; leave the kind away.');
      }
      const written = await write(resolve(io.cwd, options.write));
      if (globalsOf(command).json === true) io.out(`${JSON.stringify({ files: written }, null, 2)}\n`);
      else io.out(written.map((path) => `${path}\n`).join(''));
    });
}

function kindOf(text: string) {
  const kind = kinds.find((each) => each.toLowerCase() === text.toLowerCase());
  if (kind !== undefined) return kind;
  const hint = suggestionHint(text, kinds, 'Kinds are') ?? '';
  throw new InvalidInputError('unknown-kind', `There is no kind ${clean(text.slice(0, 80))}. ${hint}`.trim());
}

async function write(folder: string): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true });
    const paths: string[] = [];
    for (const [name, content] of schemaFiles()) {
      const path = join(folder, name);
      await writeFile(path, content);
      paths.push(path);
    }
    return paths;
  } catch (error) {
    throw new InvalidInputError('not-writable', `The schemas cannot be written: ${messageOf(error)}.`);
  }
}

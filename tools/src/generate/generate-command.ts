import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { allEvents } from '@gitway/contracts';
import { repositoryRoot } from '../repository-root.ts';
import { asyncApiDocument, eventsMarkdown, schemaOf } from './event-documents.ts';

/** Everything that is made from the contracts and kept in Git, by path. A spec compares it with what is there. */
export function generatedFiles(): Map<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ['docs/events.md', eventsMarkdown()],
    ['docs/asyncapi.json', json(asyncApiDocument('0.1.0'))],
    ...allEvents.map((event): [string, string] => [
      `libs/contracts/conformance/${event.type}.schema.json`,
      json(schemaOf(event)),
    ]),
  ]);
}

/** `npm run generate`: writes them. */
export async function generateCommand(): Promise<number> {
  for (const [path, content] of generatedFiles()) {
    const file = join(repositoryRoot, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  process.stdout.write(`wrote ${generatedFiles().size} files\n`);
  return 0;
}

import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { allEvents } from '@gitway/contracts';
import { capabilityPage, drivers } from '@gitway/drivers';
import { caseAreas, conformancePage } from '@gitway/drivers/conformance';
import { repositoryRoot } from '../repository-root.ts';
import { referencePages } from './reference/pages.ts';
import { asyncApiDocument, eventsMarkdown, schemaOf } from './event-documents.ts';

/** Everything that is made from the contracts and drivers and kept in Git, by path. A spec compares it with what is there. */
export function generatedFiles(): Map<string, string> {
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ['docs/events.md', eventsMarkdown()],
    ['docs/asyncapi.json', json(asyncApiDocument('0.1.0'))],
    ...drivers.map((driver): [string, string] => [`docs/drivers/${driver.name}.md`, capabilityPage(driver)]),
    ['docs/drivers/conformance.md', conformancePage(caseAreas, drivers)],
    ...allEvents.map((event): [string, string] => [
      `libs/contracts/conformance/${event.type}.schema.json`,
      json(schemaOf(event)),
    ]),
  ]);
}

/** Packages that write what is made from their own code; each has a spec that compares. */
const writers = [
  'libs/resources/dist/tools/write-schemas.js',
  'libs/compiler/dist/tools/write-rule-pages.js',
  'libs/guardrails/dist/tools/write-pages.js',
];

/** `npm run generate`: writes all that is generated and kept in Git. */
export async function generateCommand(): Promise<number> {
  for (const [path, content] of generatedFiles()) {
    const file = join(repositoryRoot, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  for (const writer of writers) await promisify(execFile)(process.execPath, [join(repositoryRoot, writer)]);
  await writeReference();
  process.stdout.write(
    'wrote the event reference, the reference of the language, AsyncAPI, schemas, rule, guardrail and driver pages\n',
  );
  return 0;
}

/** `docs/reference/`. Pages of what is gone go too. */
async function writeReference(): Promise<void> {
  const folder = join(repositoryRoot, 'docs/reference');
  const pages = await referencePages();
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) if (!pages.has(name)) await rm(join(folder, name));
  for (const [name, content] of pages) await writeFile(join(folder, name), content);
}

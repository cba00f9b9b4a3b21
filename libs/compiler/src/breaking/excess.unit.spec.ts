import { expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { MemoryCache } from '../memory-cache.ts';
import { readHere } from '../openapi/read-documents.ts';
import { TextCache } from '../testing/lasting-cache.ts';
import { openApi, permissiveDrivers, smallWorkspace, workspaceOf } from '../testing/workspace.ts';
import type { DocumentReader } from '../workspace.ts';
import { liveFromCompiled } from './live-from-compiled.ts';

const two = "  /things:\n    get: { responses: { '200': { description: ok } } }\n";
const more = `${two}  /more:\n    get: { responses: { '200': { description: ok } } }\n`;
const withDocument = (paths: string) =>
  workspaceOf({ ...smallWorkspace(), 'apis/pets.openapi.yaml': openApi('Pets', paths) });

it('a comparison that takes too much is said and not tried again within the same limits; what is gone is still found', async () => {
  const before = await compileWorkspace(withDocument(more), { drivers: permissiveDrivers });
  const usage = () => Promise.resolve({ unknown: 'nobody was asked' });
  const lasting = new TextCache();
  let tried = 0;
  const judge = async (limits: string, cache = new MemoryCache()) => {
    const documents: DocumentReader = {
      ...readHere,
      limits,
      compare: () => {
        tried++;
        return Promise.resolve({ notCompared: 'takes-too-much', limit: '60 s', exceeds: limits });
      },
    };
    const live = (name: string) =>
      Promise.resolve(liveFromCompiled(before, name, withDocument(more), { name: 'live', usage }));
    const { findings } = await compileWorkspace(withDocument(two), {
      ...{ drivers: permissiveDrivers, cache, lasting, documents, live, now: new Date('2026-11-23') },
    });
    return findings;
  };
  const cache = new MemoryCache();
  const findings = await judge('60000ms', cache);
  expect(findings.find(({ rule }) => rule === 'breaking-not-compared')).toMatchObject({
    severity: 'warning',
    message:
      'Breaking changes were not looked for: it takes more than 60 s to compare the two documents of Api `pets`.',
    where: { file: 'apis/pets.yaml' },
  });
  expect(findings.map(({ message }) => message).join('\n')).toContain('/more');
  // Nor after a restart.
  expect(await judge('60000ms', cache)).toEqual(findings);
  expect(await judge('60000ms')).toEqual(findings);
  expect(tried).toBe(1);
  await judge('90000ms');
  expect(tried).toBe(2);
});

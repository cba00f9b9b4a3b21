import type { DocumentChanges } from '@gitway/compiler';
import { describe, expect, it } from '@jest/globals';
import { inNode } from './testing/in-node.ts';

const setUp = `
  const ofFiles = (files) => ({
    root: Object.keys(files)[0],
    open: (path) => Promise.resolve(path in files ? { bytes: Buffer.from(files[path]) } : { refused: 'absent' }),
  });
  const jobOfTexts = (base, revision) => ({ base: ofFiles({ 'a.json': base }), revision: ofFiles({ 'a.json': revision }), today: '2026-11-23' });
  const shared = (type) => ({
    'a.yaml': "openapi: 3.0.3\\ninfo: { title: a, version: '1' }\\npaths: { /a: { $ref: './b.yaml#/a' } }\\n",
    'b.yaml': "a: { get: { parameters: [{ name: q, in: query, schema: { type: " + type + " } }], responses: { '200': { description: ok } } } }\\n",
  });
`;

describe('a pool of threads that compare documents', () => {
  it('finds what this thread finds: small and large, of one file and of several, whatever the number of threads', async () => {
    const [here, ...there] = await inNode<DocumentChanges[][]>(`${setUp}
      const jobs = [
        jobOfTexts(documentOf(3), documentOf(2)),
        jobOfTexts(documentOf(300, 20), documentOf(280, 20)),
        { base: ofFiles(shared('integer')), revision: ofFiles(shared('string')), today: undefined },
        jobOfTexts('{', documentOf(2)),
        jobOfTexts(documentOf(300), 'openapi: [' + ' '.repeat(20_000)),
      ];
      const all = [await Promise.all(jobs.map((job) => compareDocuments(job)))];
      for (const workers of [1, 3]) {
        const pool = new host.DocumentPool({ workers, timeLimitMs: 60_000, memoryLimitMb: 1_024 });
        all.push(await Promise.all(jobs.map((job) => pool.compare(job))));
        await pool.close();
      }
      tell(all);
    `);
    expect(there).toEqual([here, here]);
    expect(here?.map((each) => ('changes' in each ? each.changes.length : each.notCompared))).toEqual([
      1,
      20,
      expect.any(Number),
      'base-unreadable',
      'revision-unreadable',
    ]);
  }, 90_000);

  it('gives up what takes too long, with this thread free meanwhile, and goes on with the others', async () => {
    const { slow, quick, ticks } = await inNode<{
      slow: DocumentChanges;
      quick: DocumentChanges;
      ticks: number;
    }>(`${setUp}
      const pool = new host.DocumentPool({ workers: 1, timeLimitMs: 1_000, memoryLimitMb: 1_024 });
      const large = documentOf(200, 20_000);
      let ticks = 0;
      const tick = setInterval(() => ticks++, 20);
      const slow = await pool.compare(jobOfTexts(large, large.replace('"Things"', '"Other"')));
      clearInterval(tick);
      tell({ slow, quick: await pool.compare(jobOfTexts(documentOf(200), documentOf(199))), ticks });
      await pool.close();
    `);
    expect(slow).toEqual({ notCompared: 'takes-too-much', limit: '1 s', exceeds: '1000ms 1024MB' });
    expect(quick).toMatchObject({ changes: [{ id: 'api-path-removed-without-deprecation' }] });
    // It was tried twice, a second each.
    expect(ticks).toBeGreaterThan(10);
  }, 90_000);

  it('gives up what needs too much memory', async () => {
    const { slow, quick } = await inNode<{ slow: DocumentChanges; quick: DocumentChanges }>(`${setUp}
      const pool = new host.DocumentPool({ workers: 1, timeLimitMs: 60_000, memoryLimitMb: 64 });
      const large = documentOf(200, 20_000);
      const slow = await pool.compare(jobOfTexts(large, large.replace('"Things"', '"Other"')));
      tell({ slow, quick: await pool.compare(jobOfTexts(documentOf(200), documentOf(199))) });
      await pool.close();
    `);
    expect(slow).toEqual({ notCompared: 'takes-too-much', limit: '64 MB of memory', exceeds: '60000ms 64MB' });
    expect(quick).toMatchObject({ changes: [{}] });
  }, 90_000);

  it('passes on that a file could not be had', async () => {
    const message = await inNode<string>(`${setUp}
      const pool = new host.DocumentPool({ workers: 1, timeLimitMs: 60_000, memoryLimitMb: 1_024 });
      const job = jobOfTexts(documentOf(200), documentOf(199));
      const broken = { ...job, revision: { root: 'a.json', open: () => Promise.reject(new Error('the store is gone')) } };
      tell(await pool.compare(broken).catch((error) => error.message));
      await pool.close();
    `);
    expect(message).toBe('the store is gone');
  }, 90_000);
});

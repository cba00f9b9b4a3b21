import type { DocumentReading } from '@gitway/compiler';
import { describe, expect, it } from '@jest/globals';
import { inNode } from './testing/in-node.ts';

const refusedOf = (reading: DocumentReading | undefined) =>
  reading?.findings.map(({ rule, where }) => [rule, where.file]);

/** In a process of its own: threads that are ended there take nothing of the test's with them. */
describe('a pool of threads that read documents', () => {
  it('gives what this thread would give, other files included, whatever the number of threads', async () => {
    const [here, ...there] = await inNode<DocumentReading[][]>(`
      const paths = '{ "/a": { "$ref": "./paths.yaml#/a" }, "/b": { "$ref": "./gone.yaml" } }';
      const text = '{ "openapi": "3.0.3", "info": { "title": "X", "version": "1" }, "paths": ' + paths + ', "x": "' + 'y'.repeat(10_000) + '" }';
      const open = async (path) =>
        path === 'apis/paths.yaml'
          ? { bytes: Buffer.from('a: { get: { responses: { 200: { description: ok } } } }') }
          : { refused: 'absent' };
      const jobs = [jobOf('apis/x.json', text, open), ...[1, 20, 200].map((n) => jobOf(n + '.json', documentOf(n)))];
      const all = [await Promise.all(jobs.map((job) => readDocument(job)))];
      for (const workers of [1, 3]) {
        const pool = new host.DocumentPool({ workers, timeLimitMs: 60_000, memoryLimitMb: 1_024 });
        all.push(await Promise.all(jobs.map((job) => pool.read(job))));
        await pool.close();
      }
      tell(all);
    `);
    expect(there).toEqual([here, here]);
    expect(here?.[0]).toMatchObject({ model: null, others: ['apis/gone.yaml', 'apis/paths.yaml'] });
    expect(here?.[3]?.model?.operations).toHaveLength(200);
  }, 90_000);

  it('refuses a document that takes too long, replaces the thread, and goes on with the others', async () => {
    const [slow, quick, later] = await inNode<DocumentReading[]>(`
      const pool = new host.DocumentPool({ workers: 1, timeLimitMs: 1_000, memoryLimitMb: 1_024 });
      const readings = await Promise.all([
        pool.read(jobOf('slow.json', documentOf(200, 20_000))),
        pool.read(jobOf('quick.json', documentOf(100))),
      ]);
      tell([...readings, await pool.read(jobOf('quick.json', documentOf(50)))]);
      await pool.close();
    `);
    expect(refusedOf(slow)).toEqual([['document-takes-too-long', 'slow.json']]);
    expect(slow).toMatchObject({ model: null, exceeds: '1000ms 1024MB' });
    expect(quick?.model?.operations).toHaveLength(100);
    expect(later?.model?.operations).toHaveLength(50);
  }, 90_000);

  it('ends a ruleset that backtracks, with this thread free meanwhile, and goes on with the others', async () => {
    const { trapped, quick, busyMs } = await inNode<{
      trapped: DocumentReading;
      quick: DocumentReading;
      busyMs: number;
    }>(`
      import { monitorEventLoopDelay } from 'node:perf_hooks';
      const pool = new host.DocumentPool({ workers: 1, timeLimitMs: 5_000, memoryLimitMb: 1_024 });
      const then = { function: 'pattern', functionOptions: { match: '^(a+)+$' } };
      const definition = { rules: { title: { given: '$.info.title', then } } };
      const settings = { rulesets: [{ path: 'style.yaml', digest: 'sha256-1', definition }] };
      const trap = JSON.stringify({ openapi: '3.0.3', info: { title: 'a'.repeat(60) + '!', version: '1' }, paths: {} });
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const [trapped, quick] = await Promise.all(
        [jobOf('trap.json', trap), jobOf('quick.json', documentOf(10))].map((job) => pool.read({ ...job, settings })),
      );
      delay.disable();
      tell({ trapped, quick, busyMs: delay.max / 1e6 });
      await pool.close();
    `);
    expect(refusedOf(trapped)).toEqual([['document-takes-too-long', 'trap.json']]);
    expect(quick.findings.map(({ rule }) => rule)).toContain('spectral-title');
    expect(quick.model?.operations).toHaveLength(10);
    expect(busyMs).toBeLessThan(2_000);
  }, 90_000);

  it('says nothing of a document whose files cannot be had, and does not count the time in which they come', async () => {
    const [failed, slow] = await inNode<[string, DocumentReading]>(`
      const pool = new host.DocumentPool({ workers: 1, timeLimitMs: 2_500, memoryLimitMb: 1_024 });
      const text = '{ "openapi": "3.0.3", "info": { "title": "X", "version": "1" }, "paths": { "/a": { "$ref": "./paths.yaml#/a" } }, "x": "' + 'y'.repeat(10_000) + '" }';
      const fails = async () => { throw new Error('the store is away'); };
      const failed = await pool.read(jobOf('apis/x.json', text, fails)).then(() => 'read', (error) => error.message);
      const content = Buffer.from('a: { get: { responses: { 200: { description: ok } } } }');
      const comes = () => new Promise((resolve) => setTimeout(() => resolve({ bytes: content }), 4_000));
      tell([failed, await pool.read(jobOf('apis/x.json', text, comes))]);
      await pool.close();
    `);
    expect(failed).toBe('the store is away');
    expect(slow.model?.operations).toHaveLength(1);
  }, 90_000);

  it('refuses a document that needs too much memory; nothing else is lost', async () => {
    const [large, small] = await inNode<DocumentReading[]>(`
      const pool = new host.DocumentPool({ workers: 1, timeLimitMs: 60_000, memoryLimitMb: 64 });
      tell(await Promise.all([
        pool.read(jobOf('large.json', documentOf(100, 12_000))),
        pool.read(jobOf('small.json', documentOf(100))),
      ]));
      await pool.close();
    `);
    expect(refusedOf(large)).toEqual([['document-needs-too-much-memory', 'large.json']]);
    expect(small?.model?.operations).toHaveLength(100);
  }, 90_000);

  it('leaves this thread free while a document of 47 MB is read', async () => {
    const { bytes, operations, tookMs, busyMs } = await inNode<Record<string, number>>(
      `
      import { monitorEventLoopDelay } from 'node:perf_hooks';
      const pool = new host.DocumentPool({ workers: 1, timeLimitMs: 100_000, memoryLimitMb: 1_024 });
      const job = jobOf('huge.json', documentOf(2_000, 22_000));
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const started = performance.now();
      const reading = await pool.read(job);
      const tookMs = performance.now() - started;
      delay.disable();
      tell({ bytes: job.bytes.byteLength, operations: reading.model.operations.length, tookMs, busyMs: delay.max / 1e6 });
      await pool.close();
    `,
      120_000,
    );
    expect(bytes).toBeGreaterThan(46_500_000);
    expect(operations).toBe(2_000);
    // It takes seconds there, and what is copied to send it takes a blink here.
    expect(tookMs).toBeGreaterThan(1_000);
    expect(busyMs).toBeLessThan(400);
  }, 150_000);
});

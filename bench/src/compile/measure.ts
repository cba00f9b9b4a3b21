import { setImmediate } from 'node:timers/promises';
import { DocumentPool } from '@gitway/compile-host';
import { compileWorkspace, MemoryCache } from '@gitway/compiler';
import { driverChecks } from '@gitway/drivers';
import { realDocuments, RealWorkspace } from './real-workspace.ts';

/** What one process measures: a cold compile, and then so many with one document changed. */
export interface Measured {
  readonly coldMs: number;
  readonly changedMs: readonly number[];
  readonly peakMb: number;
  readonly refused: number;
  readonly apis: number;
  readonly medianBytes: number;
}

/** `maxBytes`: of one document. `changes`: how many compiles with one changed, of a document of median size. */
async function measure(count: number, maxBytes: number, changes: number): Promise<Measured> {
  const all = realDocuments();
  const medianBytes = all.map(({ bytes }) => bytes).sort((a, b) => a - b)[all.length >> 1]!;
  const documents = all.filter(({ bytes }) => bytes <= maxBytes);
  const workspace = new RealWorkspace(count, documents);
  const pool = new DocumentPool({ timeLimitMs: 60_000, memoryLimitMb: 1_024 });
  const cache = new MemoryCache(count * 10);
  const options = {
    drivers: driverChecks,
    branch: 'main',
    cache,
    documents: pool,
    breathe: () => setImmediate(),
    now: new Date(0),
  };
  const compile = async () => {
    const started = performance.now();
    const result = await compileWorkspace(workspace, options);
    return { result, ms: performance.now() - started };
  };
  const cold = await compile();
  const errors = cold.result.findings.filter(({ severity, where }) => severity === 'error' && where.file !== undefined);
  const refused = workspace.leaveOut(errors.map(({ where }) => where.file!));
  const { result } = await compile();
  const [environment] = result.environments;
  if (environment?.digest == null) throw new Error(`refused: ${JSON.stringify(result.findings.slice(0, 3))}`);
  const left = new Set(environment.snapshot?.units.map(({ name }) => name));
  const near = documents
    .map(({ bytes }, index) => ({ index, off: Math.abs(bytes - medianBytes) }))
    .filter(({ index }) => index < count && left.has(`api-${String(index).padStart(5, '0')}`))
    .sort((a, b) => a.off - b.off);
  const changedMs: number[] = [];
  let before = environment.digest;
  for (let change = 0; change < changes; change++) {
    workspace.edit(near[change % near.length]!.index);
    const changed = await compile();
    const digest = changed.result.environments[0]?.digest;
    if (digest == null || digest === before) throw new Error('a change that changes nothing');
    before = digest;
    changedMs.push(changed.ms);
  }
  await pool.close();
  const peakMb = process.resourceUsage().maxRSS / 1_024;
  return { coldMs: cold.ms, changedMs, peakMb, refused, apis: count, medianBytes };
}

const [count = 0, maxBytes = 0, changes = 0] = process.argv.slice(2).map(Number);
process.stdout.write(JSON.stringify(await measure(count, maxBytes, changes)));

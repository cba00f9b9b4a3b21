import { setImmediate } from 'node:timers/promises';
import { DiskCache, DocumentPool, engineVersion } from '@gitway/compile-host';
import { compileWorkspace, MemoryCache } from '@gitway/compiler';
import { driverChecks } from '@gitway/drivers';
import { realDocuments, RealWorkspace } from './real-workspace.ts';

/** What one process measures: a first compile, with what an earlier process left in the folder. */
export interface Restarted {
  readonly ms: number;
  readonly digest: string;
  /** Files of what was refused: the next process leaves them out from the start. */
  readonly refused: readonly string[];
}

const EVERY_SIZE = 50_000_000;

async function restart(count: number, folder: string, leftOut: readonly string[]): Promise<Restarted> {
  const workspace = new RealWorkspace(
    count,
    realDocuments().filter(({ bytes }) => bytes <= EVERY_SIZE),
  );
  workspace.leaveOut(leftOut);
  const documents = new DocumentPool({ timeLimitMs: 60_000, memoryLimitMb: 1_024 });
  const fail = (message: string) => {
    throw new Error(message);
  };
  const lasting = new DiskCache({ folder, engine: engineVersion(), maxBytes: 4e9, onProblem: fail });
  const cache = new MemoryCache(count * 10);
  const compile = () =>
    compileWorkspace(workspace, {
      drivers: driverChecks,
      branch: 'main',
      cache,
      lasting,
      documents,
      breathe: () => setImmediate(),
      now: new Date(0),
    });
  const started = performance.now();
  let result = await compile();
  const ms = performance.now() - started;
  const refused = result.findings.flatMap(({ severity, where: { file } }) =>
    severity === 'error' && file !== undefined ? [file] : [],
  );
  if (refused.length > 0) {
    workspace.leaveOut(refused);
    result = await compile();
  }
  await lasting.flush();
  await documents.close();
  const digest = result.environments[0]?.digest;
  if (digest == null) throw new Error(`refused: ${JSON.stringify(result.findings.slice(0, 3))}`);
  return { ms, digest, refused: [...leftOut, ...refused] };
}

const [count = '0', folder = '', leftOut = '[]'] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await restart(Number(count), folder, JSON.parse(leftOut) as string[])));

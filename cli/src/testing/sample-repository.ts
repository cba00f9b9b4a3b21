import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A small repository that is good. */
export const goodRepository: Readonly<Record<string, string>> = {
  'environment.yaml': `apiVersion: gitway.dev/v1
kind: Environment
metadata: { name: staging }
spec: { source: { branch: main }, gateways: [edge] }
---
apiVersion: gitway.dev/v1
kind: Environment
metadata: { name: production }
spec: { promoteFrom: staging, gateways: [edge] }
`,
  'gateway.yaml': `apiVersion: gitway.dev/v1
kind: Gateway
metadata: { name: edge }
spec: { driver: haproxy, listeners: [{ name: http, protocol: http, port: 8080 }] }
`,
  'apis/pets/api.yaml': `apiVersion: gitway.dev/v1
kind: Api
metadata: { name: pets }
spec:
  openapi: ./openapi.yaml
  route: { basePath: /pets }
  upstream: { pools: [{ name: stable, targets: [{ url: 'http://127.0.0.1:9000' }] }] }
  policy: { auth: { anyOf: [none] } }
`,
  'apis/pets/openapi.yaml': `openapi: 3.0.3
info: { title: Pets, version: 1.0.0 }
paths:
  /pets:
    get:
      operationId: listPets
      responses: { '200': { description: ok } }
`,
};

export const brokenApi = goodRepository['apis/pets/api.yaml']!.replace('route:', 'routes:');
/** Without an operationId: a warning. */
export const namelessOperation = goodRepository['apis/pets/openapi.yaml']!.replace('      operationId: listPets\n', '');

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

export function freshRepository(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  writeFiles(folder, goodRepository);
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface SyntheticOptions {
  /** How many APIs. */
  readonly apis: number;
  readonly upstream: string;
  readonly environment: string;
  readonly gateway: string;
  readonly port: number;
  /** Operations of each API; 4 when missing. */
  readonly operations?: number;
}

/** Name of the API with this number, from 1. */
export const syntheticApiName = (index: number) => `api-${String(index).padStart(5, '0')}`;

/** Path of the file that declares it, within the repository. */
export const syntheticApiFile = (index: number) => `apis/${syntheticApiName(index)}/api.yaml`;

/** The file that declares one API; another `marker` gives another label and timeout, so another unit. */
export function syntheticApi(index: number, upstream: string, marker = 0): string {
  return `apiVersion: gitway.dev/v1
kind: Api
metadata:
  name: ${syntheticApiName(index)}
  labels: { team: team-${index % 10}, change: 'n${marker}' }
spec:
  openapi: ./openapi.json
  route: { basePath: /${syntheticApiName(index)} }
  upstream:
    pools:
      - name: stable
        targets: [{ url: '${upstream}' }]
  policy:
    auth: { anyOf: [none] }
    timeout: { request: ${10_000 + (marker % 10_000)}ms }
`;
}

/** Writes a repository of many small APIs in one environment on one gateway, for benchmarks. */
export async function generateSyntheticRepository(folder: string, options: SyntheticOptions): Promise<void> {
  const { apis, upstream, environment, gateway, port, operations = 4 } = options;
  await mkdir(join(folder, 'apis'), { recursive: true });
  await writeFile(
    join(folder, 'platform.yaml'),
    `apiVersion: gitway.dev/v1
kind: Environment
metadata: { name: ${environment} }
spec:
  source: { branch: main }
  gateways: [${gateway}]
---
apiVersion: gitway.dev/v1
kind: Gateway
metadata: { name: ${gateway} }
spec:
  driver: haproxy
  listeners: [{ name: http, protocol: http, port: ${port} }]
`,
  );
  for (let index = 1; index <= apis; index++) {
    await mkdir(join(folder, 'apis', syntheticApiName(index)), { recursive: true });
    await writeFile(join(folder, syntheticApiFile(index)), syntheticApi(index, upstream));
    await writeFile(
      join(folder, 'apis', syntheticApiName(index), 'openapi.json'),
      `${JSON.stringify(openApiDocument(index, operations), null, 2)}\n`,
    );
  }
}

function openApiDocument(index: number, operations: number) {
  const paths: Record<string, unknown> = {};
  for (let n = 1; n <= operations; n++) {
    paths[`/things-${n}/{id}`] = {
      get: {
        operationId: `getThing${n}`,
        summary: `Gives one thing of kind ${n}.`,
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'The thing.' }, 404: { description: 'There is no such thing.' } },
      },
    };
  }
  return { openapi: '3.0.3', info: { title: `API ${index}`, version: '1.0.0' }, paths };
}

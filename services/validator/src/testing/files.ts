import { randomUUID } from 'node:crypto';
import type { DataOf, deployed } from '@gitway/contracts';

const head = (kind: string, name: string) =>
  `apiVersion: gitway.dev/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  labels: { tier: public }\nspec:\n`;

export const api = (
  name: string,
  extra = '',
  basePath = `/${name}`,
) => `${head('Api', name)}  openapi: ./${name}.openapi.yaml
  route:
    basePath: ${basePath}
  upstream:
    pools:
      - name: stable
        targets:
          - url: http://${name}.internal:8080
${extra}`;

export const openApi = (title: string, operations = 1) =>
  `openapi: 3.0.3\ninfo: { title: ${title}, version: 1.0.0 }\npaths:\n${Array.from(
    { length: operations },
    (_, index) =>
      `  /things${index}:\n    get: { operationId: list${index}, responses: { '200': { description: ok } } }\n`,
  ).join('')}`;

export const environment = (name: string, extra = '') =>
  `${head('Environment', name)}  source: { branch: main }\n  gateways: [edge]\n${extra}`;

/** A repository that compiles without findings. */
export const shop = (): Record<string, string> => ({
  'apis/pets.yaml': api('pets'),
  'apis/pets.openapi.yaml': openApi('Pets'),
  'apis/dogs.yaml': api('dogs'),
  'apis/dogs.openapi.yaml': openApi('Dogs'),
  'gateway.yaml': `${head('Gateway', 'edge')}  driver: haproxy\n  listeners: [{ name: http, protocol: http, port: 8080 }]\n`,
  'staging.yaml': environment('staging'),
  'production.yaml': environment('production', '  promoteFrom: staging\n'),
});

/** A repository of one environment of its own, so that specs do not see each other's. */
export const zoo = (name: string, files: Record<string, string> = {}): Record<string, string> => ({
  'pets.yaml': api('pets', '  visibility: public\n  policies: [limited]\n'),
  'pets.openapi.yaml': openApi('Pets of the Zoo'),
  'dogs.yaml': api('dogs', '  plans: [free]\n'),
  'dogs.openapi.yaml': openApi('Dogs', 2),
  'policy.yaml':
    'apiVersion: gitway.dev/v1\nkind: Policy\nmetadata: { name: limited }\nspec:\n  rateLimit: { requests: 60, per: minute }\n',
  'plan.yaml':
    'apiVersion: gitway.dev/v1\nkind: Plan\nmetadata: { name: free }\nspec:\n  rateLimit: { requests: 5, per: second }\n',
  'gateway.yaml':
    'apiVersion: gitway.dev/v1\nkind: Gateway\nmetadata: { name: edge }\nspec:\n  driver: haproxy\n  listeners: [{ name: http, protocol: http, port: 8080 }]\n',
  'environment.yaml': environment(name),
  ...files,
});

/** The data of `deployed` for a revision that is live now. */
export const liveFact = (
  name: string,
  revision: { readonly commit: string; readonly snapshot: string },
): DataOf<typeof deployed> => ({
  environment: name,
  source: name,
  ref: 'refs/heads/main',
  commit: revision.commit,
  snapshot: revision.snapshot,
  deployment: randomUUID(),
  cause: 'commit',
  previous: null,
  changes: { total: 0, units: [] },
  gateways: [],
  analysis: { windowMs: 1_000, minRequests: 1 },
  times: {},
});

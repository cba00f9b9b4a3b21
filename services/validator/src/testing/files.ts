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

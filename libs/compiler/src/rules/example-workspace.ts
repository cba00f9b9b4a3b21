/** The workspace that every rule's examples are laid over. It compiles without findings. */
export const exampleApi = `apiVersion: gitway.dev/v1
kind: Api
metadata: { name: pets }
spec:
  openapi: ./openapi.yaml
  route: { hosts: [api.example.com], basePath: /pets }
  upstream:
    pools:
      - name: stable
        targets: [{ url: "http://pets.internal:8080" }]
`;

export const exampleOpenApi = `openapi: 3.0.3
info: { title: Pets, version: 1.0.0 }
paths:
  /dogs/{name}:
    get:
      operationId: readDog
      parameters: [{ name: name, in: path, required: true, schema: { type: string } }]
      responses: { "200": { description: The dog. } }
`;

export const exampleGateway = `apiVersion: gitway.dev/v1
kind: Gateway
metadata: { name: edge }
spec: { driver: haproxy, listeners: [{ name: http, protocol: http, port: 8080 }] }
`;

export const exampleEnvironment = `apiVersion: gitway.dev/v1
kind: Environment
metadata: { name: staging }
spec:
  source: { branch: main }
  gateways: [edge]
`;

export const exampleWorkspace = {
  'pets/api.yaml': exampleApi,
  'pets/openapi.yaml': exampleOpenApi,
  'gateway.yaml': exampleGateway,
  'staging.yaml': exampleEnvironment,
} as const;

export const named = (text: string, from: string, to: string) => text.replace(`name: ${from} `, `name: ${to} `);

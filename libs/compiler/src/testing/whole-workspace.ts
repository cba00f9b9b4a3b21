import { createHash } from 'node:crypto';
import { exampleAuthority, exampleKey, serverCertificate } from '../rules/example-certificates.ts';
import { api, openApi } from './workspace.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const head = (kind: string, name: string) =>
  `apiVersion: gitway.dev/v1\nkind: ${kind}\nmetadata: { name: ${name}, labels: { team: pets } }\nspec:\n`;

const gateways = `${head('Gateway', 'edge')}  driver: haproxy
  address: https://api.example.com
  trustedProxies: [10.0.0.0/8]
  listeners:
    - { name: http, protocol: http, port: 8080 }
    - name: https
      protocol: https
      port: 8443
      tls:
        certificates: [{ certificate: ./keys/server.pem, key: { secret: edge-key } }, { secret: spare }]
---
${head('Gateway', 'lan')}  driver: plain
  listeners: [{ name: http, protocol: http, port: 8081 }]
`;

const environments = {
  'staging.yaml': `${head('Environment', 'staging')}  source: { branch: main }
  gateways: [edge, lan]
  variables: { team: pets, domain: staging.example.org }
`,
  'production.yaml': `${head('Environment', 'production')}  promoteFrom: staging
  promotion: { soak: 10m, approvals: 1 }
  gateways: [edge]
  analysis: { window: 5m, minRequests: 500 }
  drift: { mode: heal, interval: 5s }
  variables: { team: pets, domain: api.example.com }
  patches:
    - { target: { kind: Api, labels: { tier: public } }, merge: { spec: { policy: { timeout: { request: 9s } } } } }
    - { target: { kind: Plan, name: free }, merge: { spec: { rateLimit: { requests: 500, per: minute } } } }
`,
  'next.yaml': `${head('Environment', 'next')}  source: { branch: next }
  gateways: [lan]
  variables: { team: pets, domain: next.example.org }
`,
};

const policies = `${head('Policy', 'defaults')}  default: true
  auth: { anyOf: [apiKey, jwt], apiKey: { header: x-key }, jwt: { issuer: https://id.example.com, keys: [./keys/issuer.pem] } }
  timeout: { connect: 2s }
---
${head('Policy', 'strict')}  timeout: { request: 3s }
  request: { body: 1MB }
  ip: { deny: ['2001:db8::/32'] }
  headers: { request: { set: { X-Team: '\${team}' }, remove: [Cookie] } }
---
${head('Policy', 'everywhere')}  selector: { labels: { tier: public } }
  priority: 5
  rateLimit: { requests: 9, per: hour }
  cors: { origins: ['https://*.example.com'] }
---
${head('Policy', 'guarded')}  selector: { labels: { tier: public } }
  priority: 7
  retries: { attempts: 2, on: ['503'] }
  threatProtection: { deny: [{ in: query, pattern: '(?i)union select' }] }
  accessLog: { level: errors }
`;

const plans = `${head('Plan', 'free')}  rateLimit: { requests: 10, per: minute }
---
${head('Plan', 'pro')}  apis: { names: [bees], selector: { labels: { tier: public } }, operations: { dogs: [listThings] } }
  rateLimit: { requests: 1, per: second }
  quotas: [{ requests: 1000, per: day }]
`;

const consumers = `${head('Consumer', 'acme')}  owner: acme@example.com
  credentials:
    apiKeys: [{ sha256: ${sha256('acme')}, note: batch jobs }]
    jwt: [{ issuer: https://id.example.com, value: acme }]
  plans: [free]
---
${head('Consumer', 'globex')}  credentials: { apiKeys: [{ sha256: ${sha256('globex')} }], basic: [{ username: globex, passwordHash: $6$salt$abc }] }
  plans: [pro, free]
---
${head('Consumer', 'initech')}  credentials: { apiKeys: [{ sha256: ${sha256('initech')} }], mtls: [{ dns: initech.example.com }] }
  suspended: true
`;

const rules = `${head('RuleSet', 'house')}  openapi: { rulesets: [./.spectral.yaml] }
  guardrails:
    - { use: public-api-rate-limit, severity: warning }
    - id: named-team
      appliesTo: { kind: Api }
      expression: '"tier" in api.labels'
      message: Api \${api.name} names no tier.
  rules: { openapi-operation-id: info, spectral-has-contact: info }
  overrides:
    - { rules: [named-team], environments: [production], severity: error }
    - { lifecycle: [experimental], severity: info }
  require: [{ labels: { tier: public }, fields: [timeout], severity: warning }]
  upstreams: [{ private: warn, environments: [production], hosts: ['*.internal'] }]
  breaking:
    policies: [{ environments: [staging], unused: allow }]
    accept: [{ api: cats, operations: [listCats], reason: nobody calls it, by: acme, until: 2026-12-31 }]
  ignore: [{ rule: spectral-has-contact, reason: nobody yet, until: 2026-12-31, files: ['dogs*'] }]
---
${head('RuleSet', 'tried')}  mode: trial
  guardrails: [{ use: public-api-hosts, severity: error }]
  rules: { unused-plan: error }
`;

const notifications = `${head('Notification', 'pager')}  channel: { type: slack, secret: slack-oncall }
  match: [{ events: [incident-opened], environments: [production], severities: [major] }]
  repeat: 4h
  quietHours: [{ from: "22:00", to: "07:00", timezone: Europe/Paris }]
---
${head('Notification', 'mail')}  channel: { type: email, to: [team@example.com] }
`;

const swagger = `swagger: '2.0'
info: { title: dogs, version: '1' }
consumes: [application/json]
paths:
  /things:
    get: { operationId: listThings, responses: { '200': { description: ok, schema: { $ref: './shared.yaml#/Dog' } } } }
    post:
      operationId: addThing
      parameters: [{ name: body, in: body, schema: { type: object, properties: { name: { type: string } } } }]
      responses: { '201': { description: ok } }
`;

const modern = `openapi: 3.1.0
info: { title: bees, version: '1' }
x-gitway-ignore: [{ rule: openapi-operation-id, reason: comes with the next release, until: 2026-12-31 }]
paths:
  /things:
    get: { operationId: listThings, responses: { '200': { $ref: '#/components/responses/Things' } } }
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: [string, 'null'] } }]
    delete: { responses: { '204': { description: gone } } }
components:
  responses: { Things: { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }
  schemas: { Thing: { type: object, properties: { next: { $ref: '#/components/schemas/Thing' } } } }
`;

const own = `  plans: [free]
  policies: [strict]
  visibility: public
  lifecycle: deprecated
  deprecation: { since: 2026-01-01, sunset: 2027-01-01 }
  slo: { availability: 99.9 }
  policy:
    rateLimits: [{ requests: 10, per: second, by: ip }, { requests: 600, per: minute, by: header, header: X-Tenant }]
    loadBalancing: { algorithm: hash, hash: { by: consumer } }
    rewrite: { prefix: /v2 }
    operations: { listThings: { rateLimit: null, timeout: { request: 1s } } }
`;

/** A valid workspace: every kind, three environments of two branches, rulesets, certificates, documents of three versions. */
export const wholeWorkspace = (): Record<string, string> => ({
  'gateways.yaml': gateways,
  ...environments,
  'policies.yaml': policies,
  'plans.yaml': plans,
  'consumers.yaml': consumers,
  'rules.yaml': rules,
  'notifications.yaml': notifications,
  'ants.yaml': api('ants', own),
  'bees.yaml': api('bees').replace(
    'hosts: [api.example.com]',
    "hosts: ['${domain}', '*.example.org'], listeners: [http]",
  ),
  'cats.yaml': api('cats', '  plans: [free]\n'),
  'dogs.yaml': api('dogs', '  lifecycle: experimental\n  visibility: partner\n'),
  'ants.openapi.yaml': openApi('ants'),
  'bees.openapi.yaml': modern,
  'cats.openapi.yaml': openApi('cats', "  /cats: { $ref: './shared.yaml#/cats' }\n"),
  'dogs.openapi.yaml': swagger,
  'shared.yaml':
    "cats: { get: { operationId: listCats, responses: { '200': { description: ok } } } }\nDog: { type: object, properties: { name: { type: string, x-nullable: true } } }\n",
  '.spectral.yaml':
    'extends: ./spectral-more.yaml\nrules:\n  has-contact: { given: $.info, severity: warn, then: { field: contact, function: truthy } }\n',
  'spectral-more.yaml':
    'rules:\n  short-title: { given: $.info.title, severity: info, then: { function: length, functionOptions: { max: 3 } } }\n',
  'keys/server.pem': serverCertificate,
  'keys/issuer.pem': exampleKey,
  'keys/ca.pem': exampleAuthority,
  'templates/chart.yaml': 'image: {{ .Values.image }\n  - [',
  '.gitwayignore': '# not for Gitway\ntemplates/\n',
});

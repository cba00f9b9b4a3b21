import { exampleWorkspace } from '@gitway/compiler';
import type { Kind } from '@gitway/resources';

export interface ReferenceExample {
  /** The document on the page. */
  readonly shown: string;
  /** A repository that holds it and compiles. */
  readonly files: Readonly<Record<string, string>>;
}

const head = (kind: string, name: string) =>
  `apiVersion: gitway.dev/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec:`;

const api = `apiVersion: gitway.dev/v1
kind: Api
metadata:
  name: pets
  labels: { team: pets, tier: public }
  annotations: { gitway.dev/owner: pets@example.com }
spec:
  openapi: ./openapi.yaml
  lifecycle: active
  visibility: public
  route:
    hosts: [api.example.com]
    basePath: /pets # taken off before the upstream
  upstream:
    pools:
      - name: stable
        targets:
          - url: http://pets-a.internal:8080
          - url: http://pets-b.internal:8080
            weight: 2
        healthCheck: { path: /healthz, interval: 5s, unhealthyAfter: 3, healthyAfter: 2 }
      - name: canary
        weight: 0
        targets: [{ url: http://pets-next.internal:8080 }]
  plans: [free]
  policies: [public-default]
  policy: # the last in the merge
    rateLimit: { requests: 600, per: minute, by: consumer }
    timeout: { request: 10s }
`;

const policy = `${head('Policy', 'public-default')}
  selector: { labels: { tier: public } } # without it, APIs name it under spec.policies
  priority: 10
  auth: { anyOf: [apiKey], apiKey: { header: x-api-key, bearer: true } }
  rateLimit: { requests: 60, per: minute }
  timeout: { request: 30s, connect: 2s }
`;

const plan = `${head('Plan', 'free')}
  rateLimit: { requests: 1000, per: day, by: consumer }
  apis: { selector: { labels: { tier: public } } }
`;

const consumer = `${head('Consumer', 'acme')}
  owner: integrations@acme.example
  credentials:
    apiKeys: # printf %s "$KEY" | sha256sum
      - sha256: 4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a
  plans: [free]
`;

const environments = `${head('Environment', 'production')}
  promoteFrom: staging # and so follows its branch
  promotion: { soak: 10m, approvals: 1 }
  gateways: [edge]
  analysis: { window: 5m, minRequests: 500 }
  drift: { mode: heal, interval: 5s }
  variables: { domain: example.com } # \${domain} in the strings of a spec
  patches:
    - target: { kind: Api, labels: { tier: public } }
      merge: { spec: { policy: { rateLimit: { requests: 6000, per: minute } } } }
`;

const gateway = `${head('Gateway', 'edge')}
  driver: haproxy
  listeners:
    - { name: http, protocol: http, port: 8080 }
`;

const ruleSet = `${head('RuleSet', 'house-rules')}
  guardrails:
    - use: public-api-authentication # of the starter library
      severity: error
    - id: named-team # one of your own
      severity: warning
      appliesTo: { kind: Api }
      expression: '"team" in api.labels'
      message: Api \${api.name} names no team.
      hint: Add the label \`team\`.
      examples:
        pass: [{ api: { labels: { team: pets } } }]
        fail: [{ api: { labels: {} } }]
  overrides:
    - { lifecycle: [experimental], severity: info }
    - { rules: [named-team], environments: [production], severity: error }
`;

const notification = `${head('Notification', 'on-call')}
  channel: { type: slack, secret: slack-on-call } # the name of a secret, never the secret
  match:
    - { events: [incident-opened, incident-resolved], environments: [production], severities: [major, critical] }
  groupBy: [environment, api]
  groupWait: 30s
  repeat: 4h
  quietHours:
    - { from: "22:00", to: "06:00", timezone: Europe/Paris, except: [critical] }
`;

const repository: Readonly<Record<string, string>> = {
  ...exampleWorkspace,
  'pets/api.yaml': api,
  'policy.yaml': policy,
  'plan.yaml': plan,
  'consumer.yaml': consumer,
  'gateway.yaml': gateway,
  'production.yaml': environments,
  'rules.yaml': ruleSet,
  'notification.yaml': notification,
};

const shown: Readonly<Record<string, string>> = {
  Api: api,
  Policy: policy,
  Plan: plan,
  Consumer: consumer,
  Environment: environments,
  Gateway: gateway,
  RuleSet: ruleSet,
  Notification: notification,
};

/** All examples together are one repository; undefined: none for this kind yet. */
export function exampleOf(kind: Kind): ReferenceExample | undefined {
  const text = shown[kind];
  return text === undefined ? undefined : { shown: text, files: repository };
}

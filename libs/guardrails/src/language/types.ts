/** A field of a declared type. An optional one may be absent: `has(api.owner)` asks. */
export interface FieldDeclaration {
  readonly type: string;
  readonly optional?: true;
  readonly description: string;
}

const field = (type: string, description: string): FieldDeclaration => ({ type, description });
const optional = (type: string, description: string): FieldDeclaration => ({ type, optional: true, description });

/** What expressions see of the compiled configuration. The names are those of the units in `@gitway/contracts`. */
export const types: Readonly<Record<string, Readonly<Record<string, FieldDeclaration>>>> = {
  Api: {
    name: field('string', 'Name of the Api.'),
    labels: field('map<string, string>', 'Its labels.'),
    owner: optional('string', 'Annotation `gitway.dev/owner`.'),
    lifecycle: field('string', '`experimental`, `active`, `deprecated` or `retired`.'),
    visibility: field('string', '`public`, `partner` or `internal`.'),
    route: field('Route', 'Where it answers.'),
    openapi: field('OpenApi', 'Its document.'),
    operations: field('list<Operation>', 'What the document declares, by path, then method.'),
    pools: field('list<Pool>', 'Its upstreams.'),
    plans: field('list<string>', 'Plans that may call it; empty: any authenticated consumer.'),
    policy: field('Policy', 'The policy in force, after the merge.'),
    deprecation: optional('Deprecation', 'What is told to callers of a deprecated API.'),
    slo: optional('Slo', 'What is promised to callers.'),
  },
  Route: {
    hosts: field('list<string>', 'Lower case; empty: any host.'),
    basePath: field('string', 'Starts with `/`.'),
    keepBasePath: field('bool', 'Whether the upstream gets the base path too.'),
    onlyDeclaredOperations: field('bool', 'Whether paths and methods that OpenAPI does not declare are refused.'),
  },
  Deprecation: {
    since: optional('string', 'Day, as in 2027-01-31.'),
    sunset: optional('string', 'Day from which it may be gone.'),
    link: optional('string', 'Where callers read what to do.'),
  },
  Slo: {
    availability: optional('double', 'Percent of the calls that succeed.'),
    windowMs: field('int', 'Time over which it is judged.'),
  },
  OpenApi: { title: field('string', '`info.title`.'), version: field('string', '`info.version`.') },
  Operation: {
    id: field('string', '`operationId`, or `<method> <path>` where there is none.'),
    method: field('string', 'Lower case.'),
    path: field('string', 'Template under the base path.'),
  },
  Pool: {
    name: field('string', 'Name of the pool.'),
    weight: field('int', 'Share of the calls, 0–100.'),
    targets: field('list<Target>', 'Servers.'),
    healthCheck: optional('HealthCheck', 'Active health check.'),
    tls: optional('UpstreamTls', 'How TLS to its targets is spoken.'),
  },
  UpstreamTls: {
    verify: field('bool', "Whether the target's certificate is verified."),
    serverName: optional('string', 'Name that the certificate must be for.'),
  },
  Target: {
    scheme: field('string', '`http` or `https`.'),
    host: field('string', 'Host name or address.'),
    port: field('int', 'Port.'),
    weight: field('int', 'Share among its siblings, 1–256.'),
  },
  HealthCheck: {
    path: field('string', 'Path that is asked.'),
    intervalMs: field('int', 'Between two checks.'),
    unhealthyAfter: field('int', 'Failures in a row.'),
    healthyAfter: field('int', 'Successes in a row.'),
  },
  Policy: {
    auth: field('Auth', 'How callers prove who they are.'),
    rateLimits: field('list<RateLimit>', 'Limits of the API itself; all of them hold.'),
    timeouts: field('Timeouts', 'How long the gateway waits.'),
    quotas: field('list<Quota>', 'Quotas; all of them hold.'),
    request: optional('RequestLimits', 'What one request may weigh.'),
    cors: optional('Cors', 'Calls from pages of other origins.'),
    retries: optional('Retries', 'What is tried again.'),
    ip: optional('IpRules', 'Client addresses.'),
  },
  Quota: {
    requests: field('int', 'Calls in one period.'),
    per: field('string', '`day`, `week` or `month`.'),
    by: field('string', 'Whose calls are counted together.'),
  },
  RequestLimits: {
    bodyBytes: optional('int', 'Largest body.'),
    headersBytes: optional('int', 'Largest sum of all headers.'),
    urlBytes: optional('int', 'Longest path and query.'),
    contentTypes: field('list<string>', 'Media types of bodies that are let in; empty: all.'),
  },
  Cors: {
    origins: field('list<string>', 'Origins; `*`: all of them.'),
    methods: field('list<string>', 'Methods.'),
    credentials: field('bool', 'Whether cookies and credentials go along.'),
  },
  Retries: {
    attempts: field('int', 'Tries beyond the first.'),
    methods: field('list<string>', 'Methods that are tried again.'),
  },
  IpRules: {
    allow: field('list<string>', 'Ranges that may call; empty: all.'),
    deny: field('list<string>', 'Ranges that may not.'),
  },
  Auth: {
    kind: field(
      'string',
      '`none`, `apiKey`, `jwt`, `basic`, `mtls`, `introspection`, `forward`, or `anyOf` and `allOf` of several.',
    ),
    header: optional('string', 'Header that carries the key.'),
    bearer: field('bool', 'Whether `Authorization: Bearer` carries it too.'),
    query: optional('string', 'Query parameter that carries it too.'),
    issuer: optional('string', '`jwt`: value of `iss`.'),
    audience: field('list<string>', '`jwt`: values of `aud`; empty: any.'),
    algorithms: field('list<string>', '`jwt`: algorithms that count.'),
    scopes: field('list<string>', 'Scopes that are asked for.'),
    methods: field('list<AuthMethod>', '`anyOf` and `allOf`: the ways.'),
  },
  AuthMethod: {
    kind: field('string', 'As in Auth, but neither `none` nor several.'),
    header: optional('string', 'Header that carries it.'),
    query: optional('string', 'Query parameter that carries a key.'),
    issuer: optional('string', '`jwt`: value of `iss`.'),
    audience: field('list<string>', '`jwt`: values of `aud`; empty: any.'),
    algorithms: field('list<string>', '`jwt`: algorithms that count.'),
    scopes: field('list<string>', 'Scopes that are asked for.'),
  },
  RateLimit: {
    requests: field('int', 'Calls in one window.'),
    windowMs: field('int', 'Length of the window.'),
    by: field('string', '`consumer`, `ip`, `api`, `plan` or `header`.'),
  },
  Timeouts: {
    connectMs: field('int', 'Until the connection stands.'),
    requestMs: field('int', "Until the upstream's answer begins."),
  },
  Plan: {
    name: field('string', 'Name of the Plan.'),
    rateLimits: field('list<RateLimit>', 'Per consumer and API.'),
    quotas: field('list<Quota>', 'Per consumer and API.'),
  },
  Consumer: {
    name: field('string', 'Name of the Consumer.'),
    owner: optional('string', 'Who runs it.'),
    keyHashes: field('list<string>', 'Hex SHA-256 of each key.'),
    plans: field('list<string>', 'Plans that it is subscribed to.'),
    suspended: field('bool', 'Whether its calls are refused.'),
  },
  Gateway: {
    name: field('string', 'Name of the Gateway.'),
    driver: field('string', 'As in `haproxy`.'),
    listeners: field('list<Listener>', 'Where it listens.'),
    trustedProxies: field('list<string>', "Ranges of proxies whose word on the client's address counts."),
  },
  Listener: {
    name: field('string', 'Name of the listener.'),
    protocol: field('string', '`http` or `https`.'),
    port: field('int', 'Port.'),
    tls: optional('ListenerTls', 'TLS.'),
  },
  ListenerTls: {
    minVersion: field('string', '`1.2` or `1.3`.'),
    clientCertificates: optional('string', '`request` or `require`.'),
  },
  Environment: {
    name: field('string', 'Name of the Environment.'),
    gateways: field('list<string>', 'Gateways that serve it.'),
    promoteFrom: optional('string', 'Environment that it promotes from.'),
    promotion: field('Promotion', 'What a promotion waits for.'),
    analysis: field('Analysis', 'How a deployment is judged.'),
    drift: field('Drift', 'What happens to changes by hand.'),
  },
  Promotion: {
    soakMs: field('int', 'How long a commit must be live before.'),
    approvals: field('int', 'People who must agree.'),
  },
  Analysis: {
    windowMs: field('int', 'How long traffic is watched.'),
    minRequests: field('int', 'Fewer calls give no verdict.'),
  },
  Drift: {
    mode: field('string', '`heal`, `alert` or `adopt`.'),
    intervalMs: field('int', 'Between two comparisons.'),
  },
};

/** The kinds that a guardrail can speak of, and the variable that holds the one in question. */
export const guardrailKinds = ['Api', 'Plan', 'Consumer', 'Gateway', 'Environment'] as const;
export type GuardrailKind = (typeof guardrailKinds)[number];

export const variableOf = (kind: GuardrailKind) => kind.toLowerCase();

/** Variables of every guardrail, beside the one of its kind. */
export const sharedVariables: Readonly<Record<string, string>> = {
  environment: 'Environment',
  apis: 'list<Api>',
  plans: 'list<Plan>',
  consumers: 'list<Consumer>',
  gateways: 'list<Gateway>',
  now: 'google.protobuf.Timestamp',
};

export const variablesOf = (kind: GuardrailKind): Readonly<Record<string, string>> => ({
  [variableOf(kind)]: kind,
  ...sharedVariables,
});

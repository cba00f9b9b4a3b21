import { exampleApi, exampleEnvironment, exampleGateway } from './example-workspace.ts';
import type { Rule } from './rule.ts';

const keyHash = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';
const consumer = (name: string) =>
  `apiVersion: gitway.dev/v1\nkind: Consumer\nmetadata: { name: ${name} }\nspec: { credentials: { apiKeys: [{ sha256: ${keyHash} }] } }\n`;
const plan =
  'apiVersion: gitway.dev/v1\nkind: Plan\nmetadata: { name: free }\nspec: { rateLimit: { requests: 60, per: minute } }\n';
const cats = (extra: string) => exampleApi.replace('name: pets', 'name: cats').replace('basePath: /pets', extra);

/** Rules about resources and what they say of each other. */
export const resourceRules: readonly Rule[] = [
  {
    id: 'unknown-version',
    severity: 'error',
    summary: 'A resource is of a version of the language that this Gitway does not know.',
    why: 'Fields could mean something else there.',
    fix: 'Write `apiVersion: gitway.dev/v1`.',
    bad: { 'plan.yaml': plan.replace('/v1', '/v2') },
    good: { 'plan.yaml': plan },
  },
  {
    id: 'unknown-kind',
    severity: 'error',
    summary: 'There is no such kind of resource.',
    why: 'What is not understood is refused and never left out.',
    fix: 'Use Api, Policy, Plan, Consumer, Environment, Gateway, RuleSet or Notification.',
    bad: { 'plan.yaml': plan.replace('kind: Plan', 'kind: Plna') },
    good: { 'plan.yaml': plan },
  },
  {
    id: 'unknown-field',
    severity: 'error',
    summary: 'A field is not part of the language.',
    why: 'A limit that is spelled wrongly and ignored is no limit.',
    fix: 'Correct its name; the finding suggests the nearest one.',
    bad: { 'plan.yaml': plan.replace('rateLimit', 'rateLimt') },
    good: { 'plan.yaml': plan },
  },
  {
    id: 'missing-field',
    severity: 'error',
    summary: 'A field that must be there is not.',
    why: 'There is no value that would be right for everybody.',
    fix: 'Add the field.',
    bad: { 'pets/api.yaml': exampleApi.replace(', basePath: /pets', '') },
    good: { 'pets/api.yaml': exampleApi },
  },
  {
    id: 'invalid-value',
    severity: 'error',
    summary: 'A value is not of the form, or not within the bounds, that its field demands.',
    why: 'It could not be turned into a gateway’s configuration.',
    fix: 'Write what the message asks for.',
    bad: { 'plan.yaml': plan.replace('per: minute', 'per: fortnight') },
    good: { 'plan.yaml': plan },
  },
  {
    id: 'duplicate-name',
    severity: 'error',
    summary: 'Two resources of one kind have one name.',
    why: 'A reference to that name would be a guess.',
    fix: 'Rename or delete one of them.',
    bad: { 'plan.yaml': `${plan}---\n${plan}` },
    good: { 'plan.yaml': `${plan}---\n${plan.replace('name: free', 'name: pro')}` },
  },
  {
    id: 'unknown-reference',
    severity: 'error',
    summary: 'A resource refers to another that does not exist.',
    why: 'A policy or plan that is not there cannot protect anything.',
    fix: 'Correct the name, or add the resource.',
    bad: { 'pets/api.yaml': `${exampleApi}  plans: [fre]\n`, 'plan.yaml': plan },
    good: { 'pets/api.yaml': `${exampleApi}  plans: [free]\n`, 'plan.yaml': plan },
  },
  {
    id: 'unknown-variable',
    severity: 'error',
    summary: 'A string uses a variable that the environment does not declare.',
    why: 'The text `${name}` would reach the gateway as it is.',
    fix: 'Declare it under `spec.variables` of the environment, or correct its name.',
    bad: { 'pets/api.yaml': exampleApi.replace('pets.internal', '${upstream}') },
    good: {
      'pets/api.yaml': exampleApi.replace('pets.internal', '${upstream}'),
      'staging.yaml': `${exampleEnvironment}  variables: { upstream: pets.internal }\n`,
    },
  },
  {
    id: 'upstream-url',
    severity: 'error',
    summary: 'The URL of an upstream is none, or says more than which server it is.',
    why: 'Calls are sent to a scheme, a host and a port. Anything else in the URL would be dropped silently.',
    fix: 'Write `http://host:port` or `https://host:port`.',
    bad: { 'pets/api.yaml': exampleApi.replace('http://pets.internal:8080', 'pets.internal:8080') },
    good: { 'pets/api.yaml': exampleApi },
  },
  {
    id: 'route-conflict',
    severity: 'error',
    summary: 'Two APIs claim the same host and base path under the same conditions.',
    why: 'Which one answers would depend on chance.',
    fix: 'Give one of them another base path, another host, or conditions of its own (`match`).',
    bad: { 'pets/cats.yaml': cats('basePath: /pets/') },
    good: { 'pets/cats.yaml': cats('basePath: /cats') },
  },
  {
    id: 'route-shadowed',
    severity: 'warning',
    summary: 'An API hides another one that claims the same base path on any host.',
    why: 'It may be meant. It is worth saying, since callers of the hidden one get answers from the other.',
    fix: 'Name the hosts of both.',
    bad: { 'pets/cats.yaml': cats('basePath: /pets').replace('hosts: [api.example.com], ', '') },
    good: { 'pets/cats.yaml': cats('basePath: /pets').replace('api.example.com', 'cats.example.com') },
  },
  {
    id: 'plans-without-authentication',
    severity: 'error',
    summary: 'An API names plans but lets everybody in.',
    why: 'Plans choose among consumers who have shown a key. Where no key is asked for, they change nothing.',
    fix: 'Ask for a key, or take the plans out.',
    bad: {
      'pets/api.yaml': `${exampleApi}  plans: [free]\n  policy: { auth: { anyOf: [none] } }\n`,
      'plan.yaml': plan,
    },
    good: {
      'pets/api.yaml': `${exampleApi}  plans: [free]\n  policy: { auth: { anyOf: [apiKey] } }\n`,
      'plan.yaml': plan,
    },
  },
  {
    id: 'duplicate-credential',
    severity: 'error',
    summary: 'Two consumers have the same API key.',
    why: 'A call with that key could be either’s: its limit, its plan and its place in the log would be a guess.',
    fix: 'Give each consumer a key of its own.',
    bad: { 'consumers.yaml': `${consumer('acme')}---\n${consumer('globex')}` },
    good: { 'consumers.yaml': consumer('acme') },
  },
  {
    id: 'idle-patch',
    severity: 'warning',
    summary: 'A patch of an environment matches nothing.',
    why: 'Its name or labels are likely mistyped, and what it should change is not changed.',
    fix: 'Mend its target, or delete it.',
    bad: {
      'staging.yaml': `${exampleEnvironment}  patches:\n    - target: { kind: Api, labels: { tier: gold } }\n      merge: { spec: { lifecycle: deprecated } }\n`,
    },
    good: {
      'staging.yaml': `${exampleEnvironment}  patches:\n    - target: { kind: Api, name: pets }\n      merge: { spec: { lifecycle: deprecated } }\n`,
    },
  },
  {
    id: 'promotion-circle',
    severity: 'error',
    summary: 'Environments promote from each other in a circle.',
    why: 'Each would wait for the other for ever.',
    fix: 'Let one of them be the first.',
    bad: { 'staging.yaml': `${exampleEnvironment}  promoteFrom: staging\n` },
    good: { 'staging.yaml': exampleEnvironment },
  },
  {
    id: 'unknown-driver',
    severity: 'error',
    summary: 'This installation has no driver for the gateway.',
    why: 'Nobody could turn the configuration into that gateway’s own.',
    fix: 'Use one of the drivers that the finding names.',
    bad: { 'gateway.yaml': exampleGateway },
    good: { 'gateway.yaml': exampleGateway },
  },
  {
    id: 'unsupported-by-gateway',
    severity: 'error',
    summary: 'A gateway of the environment cannot honour what a resource asks for.',
    why: 'A policy that a gateway would silently drop is worse than none.',
    fix: 'Ask for what the gateway can do, or use another gateway in this environment.',
    bad: { 'pets/api.yaml': `${exampleApi}  policy: { rateLimit: { requests: 1, per: day } }\n` },
    good: { 'pets/api.yaml': exampleApi },
  },
];

import { exampleApi, exampleEnvironment, exampleGateway, exampleOpenApi } from './example-workspace.ts';
import { certificateRules } from './certificate-rules.ts';
import type { Rule } from './rule.ts';
import { secretRules } from './secret-rules.ts';
import { sourceRules } from './source-rules.ts';

const plan = (spec: string) => `apiVersion: gitway.dev/v1\nkind: Plan\nmetadata: { name: free }\nspec: ${spec}\n`;
const limited = plan('{ rateLimit: { requests: 60, per: minute } }');
const policy = (name: string, spec: string) =>
  `apiVersion: gitway.dev/v1\nkind: Policy\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const cats = (route: string) =>
  exampleApi
    .replace('name: pets', 'name: cats')
    .replace('basePath: /pets', route)
    .replace('./openapi.yaml', './cats.openapi.yaml');
const catsDocument = { 'pets/cats.openapi.yaml': exampleOpenApi.replace('Pets', 'Cats') };
const ruleSet = (spec: string) => `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n${spec}`;
const labelled = exampleApi.replace('{ name: pets }', '{ name: pets, labels: { tier: gold } }');
const hash = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';
const acme = (plans: string) =>
  `apiVersion: gitway.dev/v1\nkind: Consumer\nmetadata: { name: acme }\nspec: { credentials: { apiKeys: [{ sha256: ${hash} }] }, plans: ${plans} }\n`;
const limit = (requests: number, extra: string) =>
  `{ selector: { labels: { tier: gold } }, rateLimit: { requests: ${requests}, per: minute }${extra} }`;
const overlapping = (first: string, second: string) =>
  exampleOpenApi.replace(
    /paths:[^]*/,
    `paths:\n${[first, second]
      .map((path, number) => {
        const name = /\{(\w+)\}/.exec(path)![1]!;
        return `  ${path}:\n    get:\n      operationId: read${number}\n      parameters: [{ name: ${name}, in: path, required: true, schema: { type: string } }]\n      responses: { "200": { description: Fine. } }\n`;
      })
      .join('')}`,
  );

/** Rules about how the resources of a workspace fit together, and about what must not stand in any. */
export const workspaceRules: readonly Rule[] = [
  {
    id: 'ambiguous-reference',
    severity: 'error',
    summary: 'A resource refers to a name that several resources of that kind bear.',
    why: 'Which of them is meant would be a guess.',
    fix: 'Rename or delete all but one of them; the finding says where each lies.',
    bad: { 'pets/api.yaml': `${exampleApi}  plans: [free]\n`, 'plan.yaml': `${limited}---\n${limited}` },
    good: { 'pets/api.yaml': `${exampleApi}  plans: [free]\n`, 'plan.yaml': limited },
  },
  {
    id: 'ambiguous-priority',
    severity: 'warning',
    summary: 'Two policies of equal priority select one API and say different things of one field.',
    why: 'The order of their names decides which one holds, which nobody expects.',
    fix: 'Give one of them another `priority`, or let their selectors exclude each other.',
    bad: {
      'policies.yaml': `${policy('a', limit(10, ''))}---\n${policy('b', limit(20, ''))}`,
      'pets/api.yaml': labelled,
    },
    good: {
      'policies.yaml': `${policy('a', limit(10, ''))}---\n${policy('b', limit(20, ', priority: 1'))}`,
      'pets/api.yaml': labelled,
    },
  },
  {
    id: 'unreachable-operation',
    severity: 'warning',
    summary: 'An operation lies below the base path of another API, which answers in its place.',
    why: 'Calls go to the API with the longest base path. What the outer one declares there is never asked.',
    fix: 'Give one of the two APIs another base path, or take the operation out of the document.',
    bad: { 'pets/cats.yaml': cats('basePath: /pets/dogs'), ...catsDocument },
    good: { 'pets/cats.yaml': cats('basePath: /pets/cats'), ...catsDocument },
  },
  {
    id: 'overlapping-paths',
    severity: 'warning',
    summary: 'Two path templates of one method describe a common path, and neither is the more concrete one.',
    why: 'Which operation such a call is counted, limited and answered as differs from server to server.',
    fix: 'Tell them apart by another segment. `/pets/mine` beside `/pets/{id}` is fine: the concrete one wins.',
    bad: { 'pets/openapi.yaml': overlapping('/{kind}/best', '/dogs/{name}') },
    good: { 'pets/openapi.yaml': overlapping('/{kind}/best', '/dogs/best/{name}') },
  },
  {
    id: 'unused-policy',
    severity: 'warning',
    summary: 'A Policy is attached to no API.',
    why: 'Somebody may think that it protects something.',
    fix: 'Name it under `spec.policies` of an Api, mend its selector, or delete it.',
    bad: { 'policy.yaml': policy('slow', '{ rateLimit: { requests: 1, per: minute } }') },
    good: {
      'policy.yaml': policy('slow', '{ rateLimit: { requests: 1, per: minute } }'),
      'pets/api.yaml': `${exampleApi}  policies: [slow]\n`,
    },
  },
  {
    id: 'unused-plan',
    severity: 'warning',
    summary: 'A Plan opens no API.',
    why: 'Who subscribes to it gets nothing.',
    fix: 'Name it under `spec.plans` of an Api, or the APIs under `spec.apis` of the plan, or delete it.',
    bad: { 'plan.yaml': limited },
    good: { 'plan.yaml': plan('{ rateLimit: { requests: 60, per: minute }, apis: { names: [pets] } }') },
  },
  {
    id: 'unused-gateway',
    severity: 'warning',
    summary: 'A Gateway serves no environment.',
    why: 'Nothing is ever deployed to it.',
    fix: 'Name it under `spec.gateways` of an Environment, or delete it.',
    bad: { 'second.yaml': exampleGateway.replace('name: edge', 'name: edge-2') },
    good: {
      'second.yaml': exampleGateway.replace('name: edge', 'name: edge-2'),
      'staging.yaml': exampleEnvironment.replace('[edge]', '[edge, edge-2]'),
    },
  },
  {
    id: 'consumer-reaches-nothing',
    severity: 'warning',
    summary: 'A Consumer can call no API of an environment, since every API demands a plan that it has not.',
    why: 'Every call with its key is refused.',
    fix: 'Subscribe it to a plan that opens something, or delete it.',
    bad: {
      'acme.yaml': acme('[]'),
      'plan.yaml': plan('{ rateLimit: { requests: 60, per: minute }, apis: { names: [pets] } }'),
    },
    good: {
      'acme.yaml': acme('[free]'),
      'plan.yaml': plan('{ rateLimit: { requests: 60, per: minute }, apis: { names: [pets] } }'),
    },
  },
  {
    id: 'plan-without-limit',
    severity: 'warning',
    summary: 'A Plan limits nothing.',
    why: 'One subscriber can take all that there is.',
    fix: 'Set `spec.rateLimit`.',
    bad: { 'plan.yaml': plan('{ apis: { names: [pets] } }') },
    good: { 'plan.yaml': plan('{ rateLimit: { requests: 60, per: minute }, apis: { names: [pets] } }') },
  },
  {
    id: 'missing-policy',
    severity: 'error',
    summary: 'An API lacks a policy, or a setting, that a RuleSet demands of its class under `require`.',
    why: 'What every public API must have is not left to the memory of whoever writes the next one.',
    fix: 'Attach the policy, or set the field in some policy or in the API itself.',
    bad: {
      'pets/api.yaml': `${exampleApi}  visibility: public\n`,
      'rules.yaml': ruleSet('  require: [{ visibility: [public], fields: [auth, rateLimit] }]\n'),
    },
    good: {
      'pets/api.yaml': `${exampleApi}  visibility: public\n  policy: { auth: { anyOf: [apiKey] }, rateLimit: { requests: 600, per: minute } }\n`,
      'rules.yaml': ruleSet('  require: [{ visibility: [public], fields: [auth, rateLimit] }]\n'),
    },
  },
  {
    id: 'private-upstream',
    severity: 'error',
    summary: 'An upstream is one that only a private network reaches, where a RuleSet refuses those under `upstreams`.',
    why: 'A gateway at the edge cannot reach it, or must not: it would open an inner server to the outside.',
    fix: 'Name a server that is meant to be reached from there, or list it under `hosts` of that entry.',
    bad: {
      'pets/api.yaml': exampleApi.replace('pets.internal', '10.1.2.3'),
      'rules.yaml': ruleSet('  upstreams: [{ environments: [staging], private: refuse }]\n'),
    },
    good: {
      'pets/api.yaml': exampleApi,
      'rules.yaml': ruleSet('  upstreams: [{ environments: [staging], private: refuse, hosts: ["*.internal"] }]\n'),
    },
  },
  {
    id: 'metadata-upstream',
    severity: 'warning',
    summary: 'An upstream is a cloud’s metadata service.',
    why: 'It hands the credentials of the machine that asks to whoever asks through it.',
    fix: 'Name the server that is meant.',
    bad: { 'pets/api.yaml': exampleApi.replace('pets.internal:8080', '169.254.169.254') },
    good: { 'pets/api.yaml': exampleApi },
  },
  ...certificateRules,
  ...secretRules,
  ...sourceRules,
];

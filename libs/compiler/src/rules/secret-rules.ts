import { exampleApi, exampleEnvironment, exampleOpenApi } from './example-workspace.ts';
import type { Rule } from './rule.ts';

/** Rules about what must never stand in Git. No message of theirs repeats it. */
export const secretRules: readonly Rule[] = [
  {
    id: 'secret-in-clear',
    severity: 'error',
    summary: 'A resource holds a key, a token or a password in clear.',
    why: 'Who reads the repository, a copy of it or its history has it, for as long as it is valid.',
    fix: 'Take it out and revoke it. Of API keys only the SHA-256 stands in Git.',
    bad: {
      'staging.yaml': `${exampleEnvironment}  variables: { databasePassword: Tr0ub4dor3 }\n`,
      'pets/api.yaml': exampleApi,
    },
    good: { 'staging.yaml': `${exampleEnvironment}  variables: { domain: example.com }\n` },
  },
  {
    id: 'secret-in-document',
    severity: 'warning',
    summary: 'An OpenAPI document or a Spectral ruleset holds what looks like a key, a token or a password.',
    why: 'Examples are copied from real calls more often than one thinks, and documents are published.',
    fix: 'If it is a real one, revoke it. An example is better off as one that nobody can take for real.',
    bad: { 'pets/openapi.yaml': `${exampleOpenApi}x-example: postgres://app:Tr0ub4dor3@db.internal/pets\n` },
    good: { 'pets/openapi.yaml': `${exampleOpenApi}x-example: postgres://db.internal/pets\n` },
  },
];

import { describe, expect, it } from '@jest/globals';
import { documentChecks, operationChecks } from './checks/operation/index.ts';
import { schemaChecks } from './checks/schema/index.ts';
import { rules } from './registry.ts';

describe('the registry', () => {
  const claimed = [...documentChecks, ...operationChecks, ...schemaChecks].flatMap(({ ids }) => ids);

  it('has each id once', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it('has exactly the ids that the checks report, and each is reported by one check', () => {
    expect([...claimed, 'comparison-incomplete'].sort()).toEqual(rules.map(({ id }) => id));
  });

  it('describes each', () => {
    for (const { description } of rules) expect(description).toMatch(/^[A-Z].{15,}[^.]$/);
  });
});

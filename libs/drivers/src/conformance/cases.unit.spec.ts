import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { drivers } from '../registry.ts';
import { caseAreas, conformanceCases } from './cases/index.ts';
import { nothingAtTheGateway, rowOf, unprovable, vocabularyFields } from './fields.ts';
import { conformancePage } from './page.ts';
import { toleranceOf } from './testing/expectations.ts';

describe('conformance cases', () => {
  it('are at least 200, each with a name that hosts and APIs can be named by', () => {
    const ids = conformanceCases.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(200);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z][a-z0-9-]{0,39}$/.test(id))).toEqual([]);
  });

  it('do something', () => {
    const idle = conformanceCases.filter(({ steps }) => !steps.some((step) => 'send' in step));
    expect(idle.map(({ id }) => id)).toEqual([]);
  });

  it('count enough calls for the shares that they name', () => {
    const vague = conformanceCases.flatMap(({ id, steps }) =>
      steps.flatMap((step) =>
        Object.entries('send' in step ? (step.shares ?? {}) : {})
          .filter(([, share]) => share <= toleranceOf(share, 'send' in step ? (step.times ?? 1) : 1) && share > 0.1)
          .map(([name]) => `${id}: ${name}`),
      ),
    );
    expect(vague).toEqual([]);
  });

  it('cover fields that there are', () => {
    const fields = new Set(vocabularyFields().map(({ field }) => field));
    const unknown = conformanceCases.flatMap(({ id, covers }) =>
      covers.filter((field) => !fields.has(field)).map((field) => `${id}: ${field}`),
    );
    expect(unknown).toEqual([]);
  });

  it('cover every field that a gateway could act on', () => {
    const covered = new Set(conformanceCases.flatMap(({ covers }) => covers));
    const left = vocabularyFields()
      .map(({ field }) => field)
      .filter((field) => !covered.has(field) && unprovable[field] === undefined)
      .filter((field) => rowOf(field, Object.keys(nothingAtTheGateway)) === undefined);
    expect(left).toEqual([]);
  });

  it('use every value of every enumeration', () => {
    const text = JSON.stringify(conformanceCases);
    const unused = vocabularyFields()
      .filter(({ field }) => rowOf(field, Object.keys(nothingAtTheGateway)) === undefined)
      .flatMap(({ field, values }) =>
        values.filter((value) => !text.includes(`"${value}"`)).map((value) => `${field}=${value}`),
      );
    expect(unused).toEqual([]);
  });

  it('have their page up to date', () => {
    const page = readFileSync(new URL('../../../../docs/drivers/conformance.md', import.meta.url), 'utf8');
    expect(page).toBe(conformancePage(caseAreas, drivers));
  });
});

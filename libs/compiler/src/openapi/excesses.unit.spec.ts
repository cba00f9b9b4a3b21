import { describe, expect, it } from '@jest/globals';
import type { DocumentReading } from './document.ts';
import { Excesses } from './excesses.ts';

const reading: DocumentReading = { model: null, findings: [], ignores: [], others: [], absent: [] };
const exceeding = { ...reading, exceeds: '1000ms 64MB' };
const withRuleset = (path: string, digest = 'sha256-1') => ({ path, settings: { rulesets: [{ digest }] } });

describe('documents that exceed their limits', () => {
  it('three of them with the same rulesets keep the others from being tried with these, and with no others', () => {
    const excesses = new Excesses();
    for (const path of ['c.json', 'a.json']) excesses.count(withRuleset(path), exceeding);
    excesses.count(withRuleset('good.json'), reading);
    expect(excesses.refusalOf(withRuleset('x.json'))).toBeUndefined();
    excesses.count(withRuleset('b.json'), exceeding);
    expect(excesses.refusalOf(withRuleset('x.json'))).toMatchObject({
      passing: true,
      model: null,
      findings: [
        {
          rule: 'document-takes-too-long',
          severity: 'error',
          where: { file: 'x.json' },
          message: 'Not read: with the same rulesets, a.json, b.json, c.json took more than a document may take.',
        },
      ],
    });
    expect(excesses.refusalOf(withRuleset('x.json', 'sha256-2'))).toBeUndefined();
    expect(excesses.refusalOf({ path: 'x.json', settings: {} })).toBeUndefined();
  });

  it('says nothing of documents without rulesets: each is at fault itself', () => {
    const excesses = new Excesses();
    for (const path of ['a', 'b', 'c', 'd']) excesses.count({ path, settings: {} }, exceeding);
    expect(excesses.refusalOf({ path: 'e', settings: {} })).toBeUndefined();
  });
});

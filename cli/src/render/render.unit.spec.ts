import { describe, expect, it } from '@jest/globals';
import { fact, status } from '../testing/samples.ts';
import { now } from '../testing/run-cli.ts';
import { painter } from './color.ts';
import { factLine } from './facts.ts';
import { renderStatus } from './status.ts';
import { table } from './table.ts';
import { ago, clean } from './text.ts';

const plain = painter(false);

describe('a table', () => {
  it('lines its columns up and cuts the last one where the terminal ends', () => {
    const rows = [
      ['a', 'x'.repeat(50)],
      ['longer', 'y'],
    ];
    expect(table(['name', 'what'], rows, { paint: plain, width: 30 })).toBe(
      `NAME    WHAT\na       ${'x'.repeat(21)}…\nlonger  y\n`,
    );
  });

  it('is as wide with colours as without', () => {
    const rows = [[{ text: 'bad', style: 'bad' as const }, 'end']];
    const colored = table(['state', 'next'], rows, { paint: painter(true), width: 80 });
    expect(colored).toContain('\u001B[31;1mbad\u001B[0m');
    expect(colored.replaceAll(/\u001B\[[\d;]*m/g, '')).toBe(
      table(['state', 'next'], rows, { paint: plain, width: 80 }),
    );
  });
});

describe('words of others', () => {
  it('cannot move the cursor, ring the bell or turn the line around', () => {
    const hostile = 'a\u001B[2Jb\nc\u0007\u202Ed\u009B1m';
    expect(clean(hostile)).toBe('a\uFFFD[2Jb c\uFFFD\uFFFDd\uFFFD1m');
    const line = factLine(fact('rollback-requested', { actor: 'x', reason: hostile, commit: null }), plain, 200);
    expect(line).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u202E]/);
  });
});

describe('ago', () => {
  it.each([
    ['2026-11-23T11:59:59.500Z', 'now'],
    ['2026-11-23T11:59:30.000Z', '30s ago'],
    ['2026-11-23T10:00:00.000Z', '2h ago'],
    ['2026-11-20T12:00:00.000Z', '3d ago'],
    [null, 'never'],
  ])('%p is %p', (instant, words) => {
    expect(ago(instant, now)).toBe(words);
  });
});

describe('facts on a line', () => {
  it('say what matters', () => {
    const rejected = fact('commit-rejected', {
      commit: 'f'.repeat(40),
      author: { name: 'Ada' },
      findings: [{ message: 'no such field', where: { file: 'api.yaml', range: { line: 3, column: 5 } } }, {}],
    });
    expect(factLine(rejected, plain, 200)).toBe(
      '11:57:00.000  commit-rejected       production    ffffffff refused by Ada: api.yaml:3:5 no such field (and 1 more)',
    );
  });

  it('of a kind or shape that this version does not know are shown all the same', () => {
    expect(factLine(fact('moon-risen', { phase: 'full', deep: {} }), plain, 200)).toContain('phase=full');
    for (const data of [null, 7, 'text', [], { findings: 1, author: 2, changes: null, fields: [null] }]) {
      for (const name of ['commit-rejected', 'commit-detected', 'drift-detected', 'rolled-back', 'deployed']) {
        expect(() => factLine({ ...fact(name, {}), data }, plain, 80)).not.toThrow();
      }
    }
  });
});

describe('the status', () => {
  it('shows what is live, what is next, what is wrong', () => {
    const text = renderStatus(status, now, plain, 200);
    expect(text).toContain('production   aa001111  3m ago  0/1 in sync  3f2a91c0 by Ada awaiting-approval');
    expect(text).toContain('production/edge api petstore cannot bind port 80');
    expect(text).toContain('No open incident.');
    expect(text).toContain('analytics is away: connection refused');
    expect(text).not.toContain('deployer is');
  });

  it('says what is not known', () => {
    const text = renderStatus({ ...status, environments: null, sources: null, incidents: null }, now, plain, 200);
    expect(text).toContain('the deployer does not answer');
    expect(text).toContain('git-watcher does not answer');
    expect(text).toContain('the notifier does not answer');
  });

  it('shows a pin before what is next', () => {
    const pin = {
      bad: `sha256-${'0'.repeat(64)}`,
      badCommit: 'c'.repeat(40),
      since: '2026-11-23T11:00:00.000Z',
      reason: 'errors',
    };
    const pinned = { ...status, environments: status.environments!.map((each) => ({ ...each, pin })) };
    expect(renderStatus(pinned, now, plain, 200)).toContain('pinned 1h ago, skips cccccccc: errors');
  });
});

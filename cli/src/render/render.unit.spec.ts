import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { allEvents, type Standing } from '@gitway/contracts';
import { commit, fact, older, snapshot, standing, status } from '../testing/samples.ts';
import { now } from '../testing/run-cli.ts';
import { painter } from './color.ts';
import { factLine, type Look } from './facts.ts';
import { renderStatus } from './status.ts';
import { table } from './table.ts';
import { ago, clean, instantOf, plural } from './text.ts';
import { widthOf } from './width.ts';
import { wordsOf } from './words.ts';

const plain = painter(false);
const wide: Look = { paint: plain, width: Number.POSITIVE_INFINITY, now };

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
    const line = factLine(fact('rollback-requested', { actor: 'x', reason: hostile, commit: null }), wide);
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

describe('an instant', () => {
  it('shows its day where that is not today', () => {
    expect(instantOf('2026-11-23T00:00:00.001Z', now)).toBe('00:00:00.001');
    expect(instantOf('2026-11-22T23:59:59.999Z', now)).toBe('2026-11-22 23:59:59.999');
    const old = { ...fact('deployed', { commit }), time: '2026-11-22T10:00:00.000Z' };
    expect(factLine(old, wide)).toContain('2026-11-22 10:00:00.000  deployed ');
  });
});

describe('a count', () => {
  it.each([
    [0, '0 files'],
    [1, '1 file'],
    [2, '2 files'],
  ])('%p: %p', (count, words) => {
    expect(plural(count, 'file')).toBe(words);
  });
});

describe('the width of lines', () => {
  it.each([
    ['a pipe is never cut', undefined, {}, Number.POSITIVE_INFINITY],
    ['a terminal is as wide as it says', undefined, { isTTY: true, columns: 97 }, 97],
    ['a terminal that does not say it', undefined, { isTTY: true, columns: 0 }, 80],
    ['COLUMNS goes before the terminal', '60', { isTTY: true, columns: 97 }, 60],
    ['COLUMNS counts for a pipe as well', '60', {}, 60],
    ['nonsense in COLUMNS does not count', '-1', {}, Number.POSITIVE_INFINITY],
    ['nor does a width of nothing', '0', { isTTY: true, columns: 97 }, 97],
  ])('%s', (_, columns, output, width) => {
    expect(widthOf(columns, output)).toBe(width);
  });
});

describe('facts on a line', () => {
  it('are whole where the width has no end, and cut where it has', () => {
    const long = fact('rolled-back', { from: { commit }, to: { commit: older }, detail: 'x'.repeat(2_000) });
    expect(factLine(long, wide)).toContain(`3f2a91c0 → aa001111: ${'x'.repeat(2_000)}`);
    expect(factLine(long, { ...wide, width: 100 })).toHaveLength(100);
  });

  it.each([
    [
      'commit-detected',
      { commit, message: 'Raise\n\nbecause', changes: { total: 1 }, trigger: 'poll' },
      '3f2a91c0 Raise (1 file, poll)',
    ],
    ['commit-validated', { commit, changes: { total: 1 } }, '3f2a91c0 compiles, 1 unit changes'],
    ['commit-validated', { commit, changes: { total: 0 } }, '3f2a91c0 compiles, no units change'],
    ['commit-validated', { commit, changes: { total: 2 } }, '3f2a91c0 compiles, 2 units change'],
    ['deployed', { commit, cause: 'promotion', snapshot, previous: null }, '3f2a91c0 is live (promotion)'],
    [
      'deployed',
      { commit, cause: 'promotion', snapshot, previous: { commit: older, snapshot } },
      '3f2a91c0 is live (promotion), unchanged: nothing that a gateway sees',
    ],
    [
      'traffic-judged',
      { commit, outcome: 'inconclusive', evidence: [{ message: 'Not judged: 3 requests.' }] },
      '3f2a91c0 is inconclusive: Not judged: 3 requests.',
    ],
    [
      'source-failed',
      { source: 'demo', repository: 'https://git/demo', reason: 'no such host', failures: 3 },
      'https://git/demo cannot be read: no such host (3 times in a row)',
    ],
    [
      'source-recovered',
      { source: 'demo', repository: 'https://git/demo', failures: 1 },
      'https://git/demo can be read again, after 1 failure',
    ],
    [
      'write-back-failed',
      { environment: 'production', ref: 'refs/heads/main', reverted: commit, restored: older, reason: 'protected' },
      'the way back from 3f2a91c0 to aa001111 in production could not be written to main: protected',
    ],
    ['rollback-requested', { commit: null, actor: 'local', reason: 'r' }, 'to the last good one, asked by local: r'],
    ['rollback-requested', { commit: older, actor: 'local', reason: 'r' }, 'to aa001111, asked by local: r'],
    ['deploy-requested', { commit, actor: 'local', reason: 'r' }, '3f2a91c0, asked by local: r'],
    [
      'command-refused',
      { environment: 'staging', command: 'rollback', request: 'r', actor: 'local', reason: 'nothing runs here' },
      'rollback asked by local is not done: nothing runs here',
    ],
    ['usage-summarised', { entries: [{}] }, '1 entry'],
    [
      'replay-requested',
      { service: 'validator', sequence: 7, actor: 'ada' },
      'dead letter 7 of validator, asked by ada',
    ],
  ])('%s in words', (name, data, words) => {
    expect(wordsOf(name, data)).toBe(words);
  });

  it('say what matters', () => {
    const rejected = fact('commit-rejected', {
      commit: 'f'.repeat(40),
      author: { name: 'Ada' },
      findings: [{ message: 'no such field', where: { file: 'api.yaml', range: { line: 3, column: 5 } } }, {}],
    });
    expect(factLine(rejected, wide)).toBe(
      '11:57:00.000  commit-rejected       production    ffffffff refused: api.yaml:3:5 no such field (and 1 more); by Ada',
    );
  });

  it('of a kind or shape that this version does not know are shown all the same', () => {
    expect(factLine(fact('moon-risen', { phase: 'full', deep: {} }), wide)).toContain('phase=full');
    for (const data of [null, 7, 'text', [], { findings: 1, author: 2, changes: null, fields: [null] }]) {
      for (const name of [
        'commit-rejected',
        'commit-detected',
        'drift-detected',
        'rolled-back',
        'deployed',
        'traffic-judged',
        'source-failed',
        'notification-failed',
      ]) {
        expect(() => factLine({ ...fact(name, {}), data }, wide)).not.toThrow();
      }
    }
  });
});

describe('the status', () => {
  it('shows what is live, what is next, what is wrong', () => {
    const text = renderStatus(status, now, plain, 200);
    expect(text).toContain(
      'production   aa001111  3m ago  promotion  0/1 in sync  behind: head 3f2a91c0 (awaiting approval)\n',
    );
    expect(text).toContain('  production next: 3f2a91c0 by Ada, awaiting-approval: waits for 1 approval\n');
    expect(text).toContain('production/edge api petstore cannot bind port 80');
    expect(text).toContain('No open incident.');
    expect(text).toContain('analytics is away: connection refused');
    expect(text).not.toContain('deployer is');
  });

  it('tells for each environment how it stands to the head of Git', () => {
    const shown = (part: Partial<Standing>) => {
      const environments = status.environments!.map((each) => ({ ...each, next: null }));
      return renderStatus({ ...status, environments, standings: [{ ...standing, ...part }] }, now, plain, 200);
    };
    expect(shown({ state: 'in-step', why: null, detail: '' })).toMatch(/promotion +0\/1 in sync +in step\n/);
    const refused = shown({ why: 'refused', detail: '2 errors: gitway report 3f2a91c0' });
    expect(refused).toContain('behind: head 3f2a91c0 (refused)\n');
    expect(refused).toContain('  production head 3f2a91c0: 2 errors: gitway report 3f2a91c0\n');
    expect(shown({ why: 'held-by-command', cause: 'command' })).toMatch(/command +.*\(held by command\)\n/);
    const away = shown({ state: 'unknown', why: null, head: null, detail: 'git-watcher does not answer' });
    expect(away).toMatch(/not known\n  production against Git: git-watcher does not answer\n/);
    expect(renderStatus({ ...status, standings: null }, now, plain, 200)).toContain('not known\n');
  });

  it('keeps what failed out of the column of repositories', () => {
    const sources = status.sources!.map((each) => ({ ...each, state: 'failing' as const, failure: 'no such host' }));
    expect(renderStatus({ ...status, sources }, now, plain, 200)).toContain(
      'demo    failing  3m ago  http://127.0.0.1/demo.git\n  demo: no such host\n',
    );
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

describe('every fact of the catalogue', () => {
  const conformance = new URL('../../../libs/contracts/conformance/', import.meta.url);

  it.each(allEvents.map((event) => [event.fact, event.type]))('%s has words of its own', async (name, type) => {
    const golden = JSON.parse(await readFile(new URL(`${type}.golden.json`, conformance), 'utf8')) as { data: unknown };
    expect(wordsOf(name, golden.data)).not.toMatch(/^\w+=/);
  });
});

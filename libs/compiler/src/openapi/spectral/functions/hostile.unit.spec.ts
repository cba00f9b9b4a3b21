import { describe, expect, it } from '@jest/globals';
import type { DeclaredFunction, SpectralRuleset } from '../ruleset.ts';
import { runSpectral } from '../run-spectral.ts';

const document = `openapi: 3.1.0
info: { title: Pets, version: 1.0.0, x-evil: { constructor: 1, prototype: { a: 1 }, toString: x } }
paths: {}
`;

/** What a function comes to that looks at `info`. */
async function run(check: string) {
  const functions: DeclaredFunction[] = [{ name: 'check', file: 'check.js' }];
  const rules = JSON.parse('{"own":{"given":"$.info","severity":"error","then":{"function":"check"}}}') as object;
  const ruleset: SpectralRuleset = {
    path: '.spectral.yaml',
    digest: '',
    definition: { functions, rules },
    modules: { 'check.js': check },
  };
  const found = await runSpectral({ files: [{ path: 'openapi.yaml', text: document }], rulesets: [ruleset] });
  return found.map(({ rule, message }) => ({ rule, message }));
}
const says = (expression: string) =>
  run(`export default (info, options, context) => [{ message: String(${expression}) }];`);

describe('hostile code in a function', () => {
  it.each([
    ['an endless loop', 'for (;;);', /more than 100 million steps/],
    ['an endless loop of the engine', "/^(a+)+$/.test('a'.repeat(60) + 'b');", /more than 100 million steps/],
    [
      'an endless loop of promises',
      'const again = () => Promise.resolve().then(again); return again();',
      /put off more than/,
    ],
    ['a promise that never settles', 'return new Promise(() => {});', /never comes/],
    ['a promise that fails', "return Promise.reject(new Error('no luck'));", /check\.js:\d+: no luck/],
    ['a thenable that throws', 'return { then() { throw new Error("then"); } };', /then/],
    ['a heap that grows', 'const all = []; for (;;) all.push({ info });', /memory|depth|steps/],
    ['strings that grow', "const all = []; for (;;) all.push('x'.repeat(1e6) + all.length);", /memory/],
    ['buffers that grow', 'const all = []; for (;;) all.push(new Uint8Array(1e7));', /memory/],
    ['a recursion', 'const down = () => down() + 1; return down();', /stack|depth/],
    ['a recursion in JSON', "return JSON.parse('['.repeat(1e6));", /memory|stack|depth|JSON|expect/i],
    ['a recursion of getters', 'const o = { get a() { return this.a; } }; return o.a;', /stack|depth/],
    ['a recursion of proxies', 'const p = new Proxy({}, { get: (o, k, r) => r[k] }); return p.x;', /stack|depth/],
    ['too many results', "return Array(2000).fill({ message: 'x' });", /more than 1000 results/],
    ['results of endless length', 'return Object.setPrototypeOf([], null), { length: 1e15 };', /list/],
    ['a huge path', "return [{ message: 'x', path: Array(1000).fill('x'.repeat(100)) }];", /path/],
    ['a result of another kind', "return 'found';", /returned string/],
    ['null', 'return null;', /returned null/],
    ['no message', 'return [{}];', /without a message/],
    ['a message that is none', 'return [{ message: { toString() { return "x"; } } }];', /without a message/],
    ['a getter that throws', 'return [{ get message() { throw new Error("in the getter"); } }];', /in the getter/],
    ['a throw of something strange', 'throw { get message() { throw 1; } };', /cannot be shown/],
    ['a throw of nothing', 'throw undefined;', /undefined/],
    ['the clock', 'return [{ message: String(Date.now()) }];', /no clock/],
    ['chance', 'return [{ message: String(Math.random()) }];', /no clock and no chance/],
    ['a module of the machine', "return import('node:fs');", /cannot be imported/],
  ])('ends as a finding: %s', async (_, body, reason) => {
    const found = await run(`export default (info) => { ${body} };`);
    expect(found).toMatchObject([{ rule: 'ruleset-failed' }]);
    expect(found[0]!.message).toMatch(reason);
  });

  it.each([
    ['at its beginning', 'for (;;);\nexport default () => {};'],
    ['with no function', 'export default 1;'],
    ['with a promise that never comes', 'await new Promise(() => {});\nexport default () => {};'],
    ['with getters for exports', 'module.exports = { get default() { throw new Error("no"); } };'],
  ])('ends as a finding %s', async (_, text) => {
    expect(await run(text)).toMatchObject([{ rule: 'ruleset-failed' }]);
  });

  it('reaches nothing of the machine', async () => {
    const reachable = `[typeof process, typeof require, typeof fetch, typeof setTimeout, typeof Buffer, typeof WebAssembly, typeof navigator, typeof performance]`;
    expect(await says(`new Set(${reachable}).size + ' ' + ${reachable}[0]`)).toEqual([
      { rule: 'spectral-own', message: '1 undefined.' },
    ]);
    for (const way of [
      '[].constructor.constructor',
      'info.constructor.constructor',
      'context.constructor.constructor',
      '(async () => {}).constructor',
    ]) {
      const found = await says(`${way}('return typeof process')()`);
      expect(found).toEqual([
        { rule: 'spectral-own', message: expect.stringMatching(/^(undefined|\[object Promise\])\.$/) },
      ]);
    }
  });

  it('changes nothing outside, whatever it does to what it is given', async () => {
    const found = await run(`export default (info, options, context) => {
      Object.prototype.polluted = 'yes';
      Array.prototype.map = () => { throw new Error('mapped'); };
      JSON.stringify = JSON.parse = () => 'taken';
      String.prototype.slice = () => 'taken';
      Object.prototype.toJSON = () => ({ message: 'taken' });
      info.title = 'other';
      context.path.push('x');
      return [{ message: 'found', path: ['info', '__proto__', 'constructor'] }];
    };`);
    expect(found).toHaveLength(1);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(JSON.stringify({ a: 1 })).toBe('{"a":1}');
    expect(await says('({}).polluted + info.title')).toEqual([{ rule: 'spectral-own', message: 'undefinedPets.' }]);
  });

  it('cannot name the prototype of anything through what comes back', async () => {
    const found = await run(
      'export default () => JSON.parse(\'[{"message":"x","path":["info"],"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]\');',
    );
    expect(found).toEqual([{ rule: 'spectral-own', message: 'x.' }]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('cannot be led on by the document', async () => {
    expect(await says("Object.keys(info['x-evil']).join() + ({}).polluted")).toEqual([
      { rule: 'spectral-own', message: expect.stringContaining('constructor') },
    ]);
  });

  it('leaves no trace for the next document', async () => {
    expect(await says('(globalThis.seen = (globalThis.seen ?? 0) + 1)')).toEqual([
      { rule: 'spectral-own', message: '1.' },
    ]);
    expect(await says('(globalThis.seen = (globalThis.seen ?? 0) + 1)')).toEqual([
      { rule: 'spectral-own', message: '1.' },
    ]);
  });
});

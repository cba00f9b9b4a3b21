import { describe, expect, it } from '@jest/globals';
import { formatFinding, lint } from './lint.ts';
import { blank } from './source-text.ts';
import { importsOf, sourceFile, type Workspace, type WorkspacePackage } from './workspace.ts';

interface Sample extends Partial<Omit<WorkspacePackage, 'dependencies' | 'devDependencies' | 'references' | 'files'>> {
  name: string;
  directory: string;
  dependencies?: string[];
  devDependencies?: string[];
  references?: string[];
  files?: Record<string, string>;
}

function sample(from: Sample): WorkspacePackage {
  const dependencies = from.dependencies ?? [];
  const internal = [...dependencies, ...(from.devDependencies ?? [])].filter((name) => name.startsWith('@gitway/'));
  return {
    tags: ['layer:lib'],
    entries: new Set([from.name]),
    ...from,
    dependencies: new Set(dependencies),
    devDependencies: new Set(from.devDependencies),
    references: new Set(from.references ?? internal),
    files: Object.entries(from.files ?? {}).map(([path, text]) => sourceFile(from.directory, path, text)),
  };
}

const service = (files: Record<string, string>, more: Partial<Sample> = {}): Sample => ({
  name: '@gitway/console',
  directory: 'services/console',
  tags: ['layer:service'],
  ...more,
  files: { 'src/inbound/facts.ts': '  @OnAnyFact()\n  handle() {}', ...files },
});
const lib = (files: Record<string, string>, more: Partial<Sample> = {}): Sample => ({
  name: '@gitway/a',
  directory: 'libs/a',
  ...more,
  files,
});

function findings(...packages: Sample[]): string[] {
  const workspace: Workspace = {
    packages: packages.map(sample),
    rootDevDependencies: new Set(['@jest/globals', '@types/express']),
  };
  return lint(workspace).map(formatFinding);
}

const imports = (specifier: string) => `import { x } from '${specifier}';\n`;

describe('a workspace as it should be', () => {
  it('has no findings', () => {
    const files = {
      'src/index.ts':
        imports('zod') + imports('node:fs') + "import type { Request } from 'express';\n" + imports('./x.ts'),
      'src/a.unit.spec.ts': imports('@jest/globals') + imports('@gitway/testing'),
    };
    const tested = lib(files, { dependencies: ['zod'], devDependencies: ['@gitway/testing'] });
    expect(findings(tested, { name: '@gitway/testing', directory: 'libs/testing' }, service({}))).toEqual([]);
  });
});

describe('declared imports', () => {
  it('finds what package.json does not declare, and development dependencies in code that ships', () => {
    const files = {
      'src/index.ts': `\n${imports('pg')}${imports('lodash/fp')}`,
      'src/b.ts': "const x = await import('yaml');",
    };
    expect(findings(lib(files, { devDependencies: ['pg'] }))).toEqual([
      'libs/a/src/b.ts:1  imports yaml, which libs/a/package.json does not declare as a dependency  (declared-imports)',
      'libs/a/src/index.ts:2  imports pg, which libs/a/package.json does not declare as a dependency  (declared-imports)',
      'libs/a/src/index.ts:3  imports lodash/fp, which libs/a/package.json does not declare as a dependency  (declared-imports)',
    ]);
  });
});

describe('only through the index', () => {
  it('finds a path into another package, by name and by dots', () => {
    const files = { 'src/index.ts': imports('@gitway/b/src/secret.ts') + imports('../../b/src/secret.ts') };
    const found = findings(lib(files, { dependencies: ['@gitway/b'] }), { name: '@gitway/b', directory: 'libs/b' });
    expect(found).toHaveLength(2);
    expect(found[0]).toContain('libs/a/src/index.ts:1  imports @gitway/b/src/secret.ts: only what');
    expect(found[1]).toContain('libs/a/src/index.ts:2  imports ../../b/src/secret.ts: only what');
  });

  it('accepts a declared subpath', () => {
    const b: Sample = { name: '@gitway/b', directory: 'libs/b', entries: new Set(['@gitway/b', '@gitway/b/preload']) };
    expect(findings(lib({ 'src/index.ts': imports('@gitway/b/preload') }, { dependencies: ['@gitway/b'] }), b)).toEqual(
      [],
    );
  });
});

describe('layers', () => {
  it('finds a service that imports a service, and a lib that imports a service', () => {
    const validator = service({ 'src/x.ts': imports('@gitway/b') }, { dependencies: ['@gitway/b'] });
    const b = lib(
      { 'src/index.ts': imports('@gitway/console') },
      { name: '@gitway/b', directory: 'libs/b', dependencies: ['@gitway/console'] },
    );
    expect(findings(validator, b)).toContain(
      'libs/b/src/index.ts:1  imports @gitway/console: layer:lib may not import layer:service  (layers)',
    );
  });

  it('keeps contracts to zod and Node', () => {
    const contracts: Sample = {
      name: '@gitway/contracts',
      directory: 'libs/contracts',
      tags: ['layer:contracts'],
      dependencies: ['yaml'],
    };
    const found = findings({ ...contracts, files: { 'src/index.ts': imports('yaml') + imports('node:crypto') } });
    expect(found).toEqual([
      'libs/contracts/src/index.ts:1  imports yaml: contracts import zod and Node only  (layers)',
    ]);
  });

  it('demands the tag that the folder says', () => {
    expect(findings(lib({}, { tags: ['layer:tool'] }))).toEqual([
      'libs/a/package.json:1  has the tag layer:tool; by its folder it is layer:lib  (layers)',
    ]);
  });
});

describe('pure code', () => {
  it('may not do I/O or read a clock, in pure packages and in domain folders', () => {
    const domain = [
      "import { Injectable } from '@nestjs/common';",
      "import { readFile } from 'node:fs/promises';",
      '// Date.now() in a comment is fine, as is new Date(0)',
      "const text = 'Date.now()';",
      'const now = new Date();',
      'const at = new Date(now.getTime());',
      'setTimeout(() => {}, Date.now());',
    ].join('\n');
    const found = findings(service({ 'src/domain/plan.ts': domain }, { dependencies: ['@nestjs/common'] }));
    expect(found.map((line) => line.split('  ')[0])).toEqual(
      [1, 2, 5, 7, 7].map((line) => `services/console/src/domain/plan.ts:${line}`),
    );
    expect(findings(service({ 'src/app/plan.ts': domain }, { dependencies: ['@nestjs/common'] }))).toEqual([]);
    expect(findings(lib({ 'src/plan.ts': 'Date.now();' }, { tags: ['layer:lib', 'pure'] }))).toHaveLength(1);
  });

  it('may ask whether a text is an address, which is no I/O', () => {
    const code = (names: string) => `import { ${names} } from 'node:net';`;
    const tagged = { tags: ['layer:lib', 'pure'] };
    expect(findings(lib({ 'src/a.ts': code('isIP, isIPv6') }, tagged))).toEqual([]);
    expect(findings(lib({ 'src/a.ts': code('isIP, connect') }, tagged))).toHaveLength(1);
  });

  it('does not count what only writes generated files', () => {
    const tagged = { tags: ['layer:lib', 'pure'] };
    expect(findings(lib({ 'src/tools/write.ts': imports('node:fs') }, tagged))).toEqual([]);
  });
});

describe('environment', () => {
  it('is read in config.ts only', () => {
    const read = "const url = process.env['X'];";
    expect(findings(service({ 'src/config.ts': read, 'src/app/x.ts': `\n${read}` }))).toEqual([
      'services/console/src/app/x.ts:2  reads process.env: declare the variable in config.ts  (environment-in-config)',
    ]);
  });
});

describe('file length', () => {
  it('is limited', () => {
    expect(findings(lib({ 'src/index.ts': 'x;\n'.repeat(350) }))).toEqual([]);
    expect(findings(lib({ 'src/index.ts': 'x;\n'.repeat(351) }))).toHaveLength(1);
  });
});

describe('references', () => {
  it('match what is declared and have no circle', () => {
    const a = lib({}, { dependencies: ['@gitway/b'] });
    const b: Sample = { name: '@gitway/b', directory: 'libs/b', dependencies: ['@gitway/a'] };
    expect(findings(a, b)).toEqual([
      'libs/a/package.json:1  is part of a circle: @gitway/a → @gitway/b → @gitway/a  (references)',
    ]);
    expect(findings(lib({}, { dependencies: ['@gitway/b'], references: ['@gitway/c'] }))).toEqual([
      'libs/a/tsconfig.json:1  does not reference @gitway/b, which package.json declares  (references)',
      'libs/a/tsconfig.json:1  references @gitway/c, which package.json does not declare  (references)',
    ]);
  });
});

describe('handlers', () => {
  const watcher = (code: string): Sample => ({
    name: '@gitway/git-watcher',
    directory: 'services/git-watcher',
    tags: ['layer:service'],
    files: { 'src/inbound/facts.ts': code },
  });

  it('are those that the contracts name', () => {
    expect(findings(watcher('@OnFact(rolledBack)\n async a() {}'))).toEqual([]);
    expect(findings(watcher('@OnFact(rolledBack) a() {}\n@OnFact(deployed) b() {}\n@OnFact(nothing) c() {}'))).toEqual([
      'services/git-watcher/src/inbound/facts.ts:2  handles deployed, which it does not consume by contract  (handlers)',
      'services/git-watcher/src/inbound/facts.ts:3  handles nothing, which is no fact of @gitway/contracts  (handlers)',
    ]);
    expect(findings(watcher('// @OnFact(rolledBack)'))).toEqual([
      'services/git-watcher/package.json:1  consumes rolled-back by contract and has no handler for it  (handlers)',
    ]);
  });
});

describe('reading sources', () => {
  it('finds imports over several lines, exports and side effects, and none in comments', () => {
    const code = blank(
      "// import 'no';\nimport {\n  a,\n} from 'one';\nexport * from 'two';\nimport 'three';\nimport type { T } from 'four';",
      { strings: false },
    );
    expect(importsOf(code)).toEqual([
      { specifier: 'one', line: 2, typeOnly: false, clause: '{\n  a,\n}' },
      { specifier: 'two', line: 5, typeOnly: false, clause: '*' },
      { specifier: 'three', line: 6, typeOnly: false, clause: '' },
      { specifier: 'four', line: 7, typeOnly: true, clause: '{ T }' },
    ]);
  });

  it('is not confused by quotes in patterns, nested templates or escaped quotes', () => {
    const source =
      "const a = /[\"'`/]\\//; const b = `x ${c ? `Date.now() ${d}` : \"e\"} y`; const f = 'it\\'s'; // g\nDate.now();";
    expect(blank(source, { strings: true }).match(/Date\.now\(\)/g)).toHaveLength(1);
    expect(blank(source, { strings: true })).toContain('d}');
    expect(blank(source, { strings: true })).not.toContain('g');
  });
});

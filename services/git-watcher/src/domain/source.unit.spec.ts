import { describe, expect, it } from '@jest/globals';
import { loadGitWatcherConfig } from '../config.ts';
import { sourceSettingsSchema, sourcesFrom, type SourceSettings } from './source.ts';

const sources = (...settings: SourceSettings[]) =>
  sourcesFrom(settings.map((each) => sourceSettingsSchema.parse(each)));
const url = 'https://git.example.com/a.git';

describe('sources', () => {
  it('have defaults, and each branch once as a full ref', () => {
    expect(
      sources({ name: 'a', url }, { name: 'b', url, branches: ['x', 'main', 'x'], pollInterval: '5s' }),
    ).toMatchObject([
      { refs: ['refs/heads/main'], pollIntervalMs: 60_000, webhookSecret: null, allowPrivate: false },
      { refs: ['refs/heads/x', 'refs/heads/main'], pollIntervalMs: 5000 },
    ]);
  });

  it.each<[string, SourceSettings[], RegExp]>([
    [
      'one name twice',
      [
        { name: 'a', url },
        { name: 'a', url },
      ],
      /Two sources are named "a"/,
    ],
    ['a URL that is none', [{ name: 'a', url: 'ext::sh' }], /Source "a": .*remote helper/],
    ['a branch that is none', [{ name: 'a', url, branches: ['-x'] }], /Source "a": "-x" cannot be a branch/],
    ['a token in clear', [{ name: 'a', url: 'http://git.example.com/a.git', token: 't' }], /unencrypted/],
    ['ssh', [{ name: 'a', url: 'git@git.example.com:a.git' }], /use the https:\/\/ URL/],
  ])('are refused with the name of the source: %s', (_, settings, message) => {
    expect(() => sources(...settings)).toThrow(message);
  });

  it('are named in the error when the configuration is wrong, and secrets are not', () => {
    const env = {
      GITWAY_NATS_URL: 'nats://127.0.0.1:4222',
      GITWAY_HTTP_PORT: '0',
      GITWAY_INTERNAL_TOKEN: 'an-internal-token',
      GITWAY_DATABASE_URL: 'postgres://127.0.0.1/x',
      GITWAY_GIT_DATA_DIR: 'data',
      GITWAY_SOURCES: JSON.stringify([{ name: 'a', url: 'https://u:very-secret@host/a.git' }]),
    };
    expect(() => loadGitWatcherConfig(env)).toThrow(/GITWAY_SOURCES.*Source "a".*credentials/s);
    expect(() => loadGitWatcherConfig(env)).not.toThrow(/very-secret/);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { InvalidInputError } from '@gitway/errors';
import { repositoryRoot } from '../repository-root.ts';
import { nothingGiven, readGiven, type Given } from './given.ts';
import { users } from './layout.ts';
import { writeSecrets } from './write-secrets.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gitway-compose-'));
});

function write(given: Partial<Given> = {}, valkey = false) {
  const owners = new Map<string, number>();
  const changed = writeSecrets({
    directory,
    given: { ...nothingGiven, ...given },
    valkey,
    giveTo: (file, user) => owners.set(file.replace(`${directory}/`, '').replace(/\.next$/, ''), user),
  });
  return { changed, owners };
}
const contents = () =>
  Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]));

describe('writeSecrets', () => {
  it('keeps every file from everybody but its reader', () => {
    const { owners } = write({}, true);
    expect(statSync(directory).mode & 0o777).toBe(0o711);
    for (const name of readdirSync(directory)) {
      expect([name, statSync(join(directory, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(owners.get('deployer.env')).toBe(users.deployer);
    expect(owners.get('nats.conf')).toBe(users.nats);
    expect(owners.get('postgres-password')).toBe(users.postgres);
    expect(owners.get('valkey.conf')).toBe(users.valkey);
  });

  it('changes nothing the second time', () => {
    expect(write({}, true).changed).toContain('validator.env');
    const before = contents();
    expect(write({}, true).changed).toEqual([]);
    expect(contents()).toEqual(before);
  });

  it('rewrites only who is concerned by what is given', () => {
    write();
    expect(write({ sources: '[]' }).changed).toEqual(['git-watcher.env']);
  });

  it('writes what a shell reads back, whatever characters there are', () => {
    const sources = `[{"name":"it's","url":"$(touch /nowhere) \`x\` \\\\ \\""}]`;
    write({ sources });
    const read = execFileSync(
      join(repositoryRoot, 'deploy', 'docker', 'with-secrets'),
      [process.execPath, '-p', 'process.env.GITWAY_SOURCES'],
      { env: { PATH: '/usr/bin:/bin', GITWAY_SECRETS_FILE: join(directory, 'git-watcher.env') }, encoding: 'utf8' },
    );
    expect(read).toBe(`${sources}\n`);
  });
});

describe('readGiven', () => {
  it('takes nothing from an empty folder', () => {
    expect(readGiven(directory)).toEqual(nothingGiven);
  });

  it('names a bad file and repeats nothing of it', () => {
    writeFileSync(join(directory, 'postgres-admin-url'), 'mysql://root:hunter2@db');
    let said = '';
    try {
      readGiven(directory);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInputError);
      said = (error as Error).message;
    }
    expect(said).toContain('postgres-admin-url must hold');
    expect(said).not.toContain('hunter2');
  });

  it('refuses sources that are no list', () => {
    writeFileSync(join(directory, 'sources.json'), '{"name": "x"}');
    expect(() => readGiven(directory)).toThrow('sources.json must hold a JSON list');
  });
});

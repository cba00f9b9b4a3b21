import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TransientError } from '@gitway/errors';

export interface WorkingCopyOptions {
  readonly folder: string;
  readonly url: string;
  /** The password of a push; never part of a URL or an argument. */
  readonly token: string;
}

export interface Push {
  readonly commit: string;
  /** When `git push` was started and when it had ended, milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** A clone of a repository that a program changes and pushes, as a person would. */
export class WorkingCopy {
  private constructor(
    readonly folder: string,
    private readonly env: Record<string, string>,
  ) {}

  /** Clones `main` (an empty repository is fine) into a folder that is made new. */
  static async clone(options: WorkingCopyOptions): Promise<WorkingCopy> {
    await rm(options.folder, { recursive: true, force: true });
    await mkdir(options.folder, { recursive: true });
    const copy = new WorkingCopy(options.folder, environment(options));
    await copy.git('init', '-q', '--initial-branch=main');
    await copy.git('remote', 'add', 'origin', options.url);
    await copy.pull();
    return copy;
  }

  /** Takes what others pushed; local changes that were not pushed are lost. */
  async pull(): Promise<void> {
    await this.git('fetch', '-q', 'origin');
    const refs = await this.git('for-each-ref', '--format=%(refname)', 'refs/remotes/origin/main');
    if (refs.trim() !== '') await this.git('reset', '-q', '--hard', 'refs/remotes/origin/main');
  }

  read(path: string): Promise<string> {
    return readFile(join(this.folder, path), 'utf8');
  }

  async write(path: string, text: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  async edit(path: string, change: (text: string) => string): Promise<void> {
    const before = await this.read(path);
    const after = change(before);
    if (after === before) throw new Error(`the change of ${path} changes nothing`);
    await this.write(path, after);
  }

  /** Commits everything that differs. @returns the commit */
  async commit(message: string): Promise<string> {
    await this.git('add', '--all');
    await this.git('commit', '-q', '-m', message);
    return this.head();
  }

  async head(): Promise<string> {
    return (await this.git('rev-parse', 'HEAD')).trim();
  }

  /** What `main` points at on the server. */
  async remoteHead(): Promise<string> {
    return (await this.git('ls-remote', 'origin', 'refs/heads/main')).split('\t')[0]!.trim();
  }

  async push(message: string): Promise<Push> {
    const commit = await this.commit(message);
    const startedAt = Date.now();
    await this.git('push', '-q', 'origin', 'HEAD:refs/heads/main');
    return { commit, startedAt, endedAt: Date.now() };
  }

  git(...args: string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn('git', args, { cwd: this.folder, env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
      let out = '';
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString('utf8')));
      child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2_000)));
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve(out);
        else reject(new TransientError('git-failed', `git ${args[0]} ended with ${code}: ${said.trim()}`));
      });
    });
  }
}

/** No configuration of the machine or the user, no questions; the token travels in a header, set by environment. */
function environment({ folder, url, token }: WorkingCopyOptions): Record<string, string> {
  const authorization = `Authorization: Basic ${Buffer.from(`git:${token}`).toString('base64')}`;
  const settings = [
    [`http.${new URL(url).origin}/.extraHeader`, authorization],
    ['core.hooksPath', '/dev/null'],
    ['core.autocrlf', 'false'],
    ['gc.auto', '0'],
  ] as const;
  const person = { name: 'Gitway example', email: 'example@gitway.invalid' };
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gitEnvironment, runGit } from '@gitway/examples';

/** A clone in which a test makes commits and pushes them. */
export class WorkCopy {
  private constructor(
    readonly folder: string,
    private readonly env: Record<string, string>,
  ) {}

  /** @param url with the token in it, as a developer's own git would have it. */
  static async of(parent: string, url: string): Promise<WorkCopy> {
    const folder = await mkdtemp(join(parent, 'work-'));
    const copy = new WorkCopy(folder, gitEnvironment(parent, '/usr/local/bin:/usr/bin:/bin'));
    await copy.git('init', '-q', '--initial-branch=main', '.');
    await copy.git('remote', 'add', 'origin', url);
    return copy;
  }

  async git(...args: string[]): Promise<string> {
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'protocol.file.allow=always'];
    return (await runGit([...identity, ...args], { cwd: this.folder, env: this.env })).trim();
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(join(this.folder, path)), { recursive: true });
    await writeFile(join(this.folder, path), content);
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.folder, path), { recursive: true });
  }

  async link(path: string, target: string): Promise<void> {
    await mkdir(dirname(join(this.folder, path)), { recursive: true });
    await symlink(target, join(this.folder, path));
  }

  /** Commits everything. @returns the commit's id */
  async commit(message: string): Promise<string> {
    await this.git('add', '--all', '.');
    await this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.head();
  }

  head(): Promise<string> {
    return this.git('rev-parse', 'HEAD');
  }

  push(refspec = 'HEAD:main', ...options: string[]): Promise<string> {
    return this.git('push', '-q', ...options, 'origin', refspec);
  }

  /** Writes one file, commits and pushes it. @returns the commit's id */
  async change(path: string, content: string, message = `Change ${path}`): Promise<string> {
    await this.write(path, content);
    const commit = await this.commit(message);
    await this.push();
    return commit;
  }
}

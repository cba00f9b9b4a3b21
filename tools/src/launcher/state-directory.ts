import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** HAProxy's limit for its admin socket (sun_path without its own suffixes), less the file's name. */
const SOCKET_DIRECTORY_LIMIT = 97 - '/master.sock'.length;

/** Everything that one platform keeps, `.gitway/` by default. */
export class StateDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  get data(): string {
    return join(this.path, 'data');
  }
  get logs(): string {
    return join(this.path, 'logs');
  }
  get run(): string {
    return join(this.path, 'run');
  }
  get lock(): string {
    return join(this.path, 'launcher.lock');
  }
  get ports(): string {
    return join(this.path, 'ports.json');
  }
  get secrets(): string {
    return join(this.path, 'secrets.json');
  }
  get cli(): string {
    return join(this.path, 'cli.json');
  }
  /** The example's API key on a line of its own, so that a shell can read it: `$(cat …)`. */
  get demoKey(): string {
    return join(this.path, 'demo-key');
  }
  get gitToken(): string {
    return join(this.path, 'git-token');
  }
  get consoleToken(): string {
    return join(this.path, 'console-token');
  }
  /** Where a person is told to clone the example to. */
  get userClone(): string {
    return join(this.path, 'my-apis');
  }
  get platform(): string {
    return join(this.path, 'platform.json');
  }
  /** Written once the example repository has been pushed and was live. */
  get firstPush(): string {
    return join(this.path, 'first-push.json');
  }

  create(): void {
    for (const directory of [this.path, this.data, this.logs, this.run]) {
      mkdirSync(directory, { recursive: true, mode: 0o755 });
    }
  }

  /** What says that a platform runs here. */
  removeAccess(): void {
    rmSync(this.platform, { force: true });
  }

  /** A gateway's working directory, by a path that is short enough for its sockets: through a link where need be. */
  gatewayDirectory(gateway: string): string {
    const directory = join(this.data, 'gateways', gateway);
    mkdirSync(directory, { recursive: true });
    if (directory.length <= SOCKET_DIRECTORY_LIMIT) return directory;
    const name = createHash('sha256').update(directory).digest('hex').slice(0, 16);
    const user = process.getuid?.() ?? 'user';
    const links = join(tmpdir(), `gitway-${user}`);
    mkdirSync(links, { recursive: true, mode: 0o700 });
    const link = join(links, name);
    if (existsSync(link)) return link;
    try {
      unlinkSync(link);
    } catch {
      // Was not there, not even dangling.
    }
    symlinkSync(directory, link);
    return link;
  }
}

export function readJsonFile<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return null;
  }
}

/** Replaces the file as a whole, or not at all. */
export function writeFileWhole(file: string, content: string, mode = 0o644): void {
  const next = `${file}.${process.pid}.next`;
  writeFileSync(next, content, { mode });
  chmodSync(next, mode);
  renameSync(next, file);
}

export function writeJsonFile(file: string, value: unknown, mode = 0o644): void {
  writeFileWhole(file, `${JSON.stringify(value, null, 2)}\n`, mode);
}

import { timingSafeEqual, createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { answerByHttpBackend } from './git-backend.ts';
import { changedRefs, readRefs } from './git-refs.ts';
import { pushEvent } from './push-event.ts';
import { gitEnvironment, runGit } from './run-git.ts';
import { WebhookSender, type WebhookTarget } from './webhook-sender.ts';

export interface GitServerOptions {
  /** Folder of the bare repositories, `<name>.git` each; made when it is missing. */
  readonly folder: string;
  /** 0 or missing: a free port. */
  readonly port?: number;
  readonly host?: string;
  /** The password that a push has to carry; the user may be anything. */
  readonly token: string;
  readonly webhook?: WebhookTarget;
  /** Search path for the git binary; that of this process when missing. */
  readonly path?: string;
  readonly maxRequestBytes?: number;
  readonly requestTimeoutMs?: number;
}

export interface GitServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** Makes a bare repository unless there is one; gives the URL to clone. */
  createRepository(name: string): Promise<string>;
  cloneUrl(name: string): string;
  /** Folder of the bare repository. */
  repositoryFolder(name: string): string;
  stop(): Promise<void>;
}

const repositoryName = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const gitPath = /^\/([a-z0-9][a-z0-9._-]{0,62})\.git\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** A Git server over smart HTTP: anyone may read, a push needs the token, and each changed ref is told to a webhook. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const host = options.host ?? '127.0.0.1';
  const env = gitEnvironment(options.folder, options.path ?? '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin');
  const sender = options.webhook && new WebhookSender(options.webhook);
  /** Refs as they were last announced, per repository: however pushes overlap, each change is told once. */
  const announced = new Map<string, Map<string, string>>();
  const repositoryFolder = (name: string) => join(options.folder, `${name}.git`);
  let url = '';
  let announcing: Promise<void> = Promise.resolve();
  const cloneUrl = (name: string) => `${url}/${name}.git`;

  await mkdir(options.folder, { recursive: true });
  for (const entry of await readdir(options.folder)) {
    const name = /^(.+)\.git$/.exec(entry)?.[1];
    if (name && repositoryName.test(name)) announced.set(name, await readRefs(repositoryFolder(name)));
  }

  async function announce(name: string, user: string): Promise<void> {
    const now = await readRefs(repositoryFolder(name));
    const changes = changedRefs(announced.get(name) ?? new Map(), now);
    announced.set(name, now);
    for (const change of changes) {
      const repository = { name, path: repositoryFolder(name), cloneUrl: cloneUrl(name), env };
      sender?.send('push', await pushEvent(repository, change, user));
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = new URL(request.url ?? '/', 'http://git.invalid');
    const match = gitPath.exec(target.pathname);
    const [name, action] = [match?.[1] ?? '', match?.[2] ?? ''];
    if (!announced.has(name)) return refuse(response, 404, 'There is no such repository here.');
    if (request.method !== (action === 'info/refs' ? 'GET' : 'POST')) return refuse(response, 405, 'Not that method.');
    const service = action === 'info/refs' ? target.searchParams.get('service') : action;
    if (service !== 'git-upload-pack' && service !== 'git-receive-pack') {
      return refuse(response, 403, 'This server speaks smart HTTP only: use git 1.6.6 or newer.');
    }
    const pushes = service === 'git-receive-pack';
    const user = pushes ? authenticatedUser(request, options.token) : null;
    if (pushes && user === null) {
      response.setHeader('www-authenticate', 'Basic realm="Gitway example"');
      return refuse(response, 401, 'A push needs the token as its password.');
    }
    await answerByHttpBackend(request, response, {
      root: options.folder,
      path: target.pathname,
      query: target.search.slice(1),
      env,
      user,
      maxRequestBytes: options.maxRequestBytes ?? 256 * 1024 * 1024,
      timeoutMs: options.requestTimeoutMs ?? 120_000,
    });
    if (pushes && action === 'git-receive-pack') {
      announcing = announcing.catch(() => {}).then(() => announce(name, user ?? ''));
      await announcing;
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      process.stderr.write(`git server: ${error instanceof Error ? error.message : String(error)}\n`);
      if (!response.headersSent) refuse(response, 500, 'The Git server failed; its log says why.');
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  url = `http://${host}:${port}`;

  return {
    url,
    port,
    cloneUrl,
    repositoryFolder,
    async createRepository(name) {
      if (!repositoryName.test(name)) throw new Error(`"${name}" cannot be the name of a repository`);
      if (!announced.has(name)) {
        // Beside, then renamed: a half-made repository never bears the name.
        const beside = join(options.folder, `.new-${name}`);
        await rm(beside, { recursive: true, force: true });
        await runGit(['init', '-q', '--bare', '--initial-branch=main', beside], { cwd: options.folder, env });
        await runGit(['config', 'http.receivepack', 'true'], { cwd: beside, env });
        await runGit(['config', 'uploadpack.allowFilter', 'true'], { cwd: beside, env });
        await rename(beside, repositoryFolder(name));
        announced.set(name, new Map());
      }
      return cloneUrl(name);
    },
    async stop() {
      await sender?.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${message}\n`);
}

/** The user of a request whose password is the token; null for anybody else. */
function authenticatedUser(request: IncomingMessage, token: string): string | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]{1,1000})$/.exec(request.headers.authorization ?? '')?.[1];
  if (!encoded) return null;
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(password.join(':')), digest(token)) ? user || 'git' : null;
}

import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface BackendRequest {
  /** Folder that holds the bare repositories. */
  readonly root: string;
  /** Path below the root, `/pets.git/info/refs`. */
  readonly path: string;
  readonly query: string;
  readonly env: Record<string, string>;
  /** Who pushes; null for a reader. */
  readonly user: string | null;
  readonly maxRequestBytes: number;
  readonly timeoutMs: number;
}

/**
 * Answers one request by `git http-backend`, streaming in both directions. Ends when the process has ended and gives
 * whether it ended well. Source: https://git-scm.com/docs/git-http-backend
 */
export async function answerByHttpBackend(
  request: IncomingMessage,
  response: ServerResponse,
  options: BackendRequest,
): Promise<boolean> {
  const header = (name: string) => String(request.headers[name] ?? '');
  const child = spawn('git', ['http-backend'], {
    cwd: options.root,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...options.env,
      GIT_PROJECT_ROOT: options.root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: header('git-protocol').slice(0, 200),
      PATH_INFO: options.path,
      QUERY_STRING: options.query,
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      REMOTE_ADDR: request.socket.remoteAddress ?? '',
      ...(request.headers['content-length'] ? { CONTENT_LENGTH: header('content-length') } : {}),
      ...(options.user === null ? {} : { REMOTE_USER: options.user }),
    },
  });
  const kill = () => child.kill('SIGKILL');
  const timer = setTimeout(kill, options.timeoutMs);
  response.once('close', () => {
    if (!response.writableFinished) kill();
  });

  let received = 0;
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > options.maxRequestBytes) {
      kill();
      request.destroy();
    }
  });
  child.stdin.on('error', () => {});
  request.pipe(child.stdin);
  child.stderr.resume();
  forwardCgiResponse(child.stdout, response);

  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  clearTimeout(timer);
  if (!response.headersSent) response.writeHead(502).end();
  else response.end();
  return code === 0 && response.statusCode < 300;
}

/** A CGI answer is headers, an empty line and the body; `Status` is the one header that is not HTTP's. */
function forwardCgiResponse(output: NodeJS.ReadableStream, response: ServerResponse): void {
  let head = Buffer.alloc(0);
  output.on('data', (chunk: Buffer) => {
    if (response.headersSent) {
      if (!response.write(chunk)) {
        output.pause();
        response.once('drain', () => output.resume());
      }
      return;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) {
      if (head.length > 16_384) response.writeHead(502).end();
      return;
    }
    let status = 200;
    for (const line of head.subarray(0, end).toString('latin1').split('\r\n')) {
      const cut = line.indexOf(':');
      const [name, value] = [line.slice(0, cut).trim(), line.slice(cut + 1).trim()];
      if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10) || 502;
      else if (name !== '') response.setHeader(name, value);
    }
    response.writeHead(status);
    if (head.length > end + 4) response.write(head.subarray(end + 4));
  });
}

import { request, type RequestOptions } from 'node:http';

/** Whether a Docker engine answers there within the time. Understands `unix://` and plain `tcp://`. */
export function dockerAnswers(dockerHost: string, timeoutMs = 500): Promise<boolean> {
  const target = pingTarget(dockerHost);
  if (target === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    const ping = request({ ...target, path: '/_ping', method: 'GET' }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    // Of the whole exchange, not only of silence on the socket.
    const deadline = setTimeout(() => {
      resolve(false);
      ping.destroy();
    }, timeoutMs);
    ping.on('error', () => resolve(false));
    ping.on('close', () => clearTimeout(deadline));
    ping.end();
  });
}

function pingTarget(dockerHost: string): RequestOptions | null {
  if (dockerHost.startsWith('unix://')) return { socketPath: dockerHost.slice('unix://'.length) };
  const tcp = /^tcp:\/\/(?:\[([^\]]+)\]|([^:/]+)):(\d+)\/?$/.exec(dockerHost);
  if (tcp === null) return null;
  return { host: tcp[1] ?? tcp[2] ?? '', port: Number(tcp[3]) };
}

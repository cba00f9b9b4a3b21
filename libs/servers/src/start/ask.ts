import { connect, type NetConnectOpts } from 'node:net';

/**
 * Connects, says `request`, and returns what was answered up to the first match of `until`; null when nobody answers
 * so within the time.
 */
export function ask(
  target: { port: number } | { path: string },
  request: string,
  until: RegExp,
  timeoutMs = 1_000,
): Promise<string | null> {
  return new Promise((resolve) => {
    const options: NetConnectOpts = 'port' in target ? { port: target.port, host: '127.0.0.1' } : { path: target.path };
    const socket = connect(options);
    let answer = '';
    const finish = (result: string | null) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(timeoutMs, () => finish(null));
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      if (request !== '') socket.write(request);
    });
    socket.on('data', (chunk: string) => {
      answer += chunk;
      if (until.test(answer)) finish(answer);
    });
    socket.on('error', () => finish(null));
    socket.on('close', () => finish(until.test(answer) ? answer : null));
  });
}

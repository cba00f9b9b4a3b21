import { connect } from 'node:net';

/** One command to HAProxy's admin socket; the answer as text. */
export function haproxyCommand(socketPath: string, command: string, timeoutMs = 5_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path: socketPath, timeout: timeoutMs });
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${command}\n`));
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('end', () => resolve(answer));
    socket.on('timeout', () => socket.destroy(new Error(`${socketPath} did not answer within ${timeoutMs} ms`)));
    socket.on('error', reject);
  });
}

export interface ServerState {
  readonly backend: string;
  readonly server: string;
  readonly weight: number;
}

/** `show servers state` (version 1): be_id be_name srv_id srv_name addr op_state admin_state uweight … */
export async function serverStates(socketPath: string): Promise<ServerState[]> {
  const text = await haproxyCommand(socketPath, 'show servers state');
  return text
    .split('\n')
    .filter((line) => /^\d+ \S+ \d+ /.test(line))
    .map((line) => line.split(' '))
    .map((fields) => ({ backend: fields[1]!, server: fields[3]!, weight: Number(fields[7]) }));
}

import { connect } from 'node:net';
import { TransientError } from '@gitway/errors';

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * One command over one of HAProxy's UNIX sockets; it closes the connection when its answer has ended.
 * @throws TransientError when nobody answers in time
 */
export function ask(path: string, command: string, timeoutMs = 2_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const fail = (reason: string) => {
      socket.destroy();
      clearTimeout(timer);
      reject(
        new TransientError('gateway-silent', `HAProxy does not answer "${command.split(' ', 2).join(' ')}": ${reason}`),
      );
    };
    const timer = setTimeout(() => fail(`no answer within ${timeoutMs} ms`), timeoutMs);
    const socket = connect({ path });
    socket.on('error', (error) => fail(error.message));
    socket.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size > MAX_ANSWER_BYTES) fail('the answer is too large');
      else pieces.push(piece);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(pieces).toString('utf8'));
    });
    socket.end(`${command}\n`);
  });
}

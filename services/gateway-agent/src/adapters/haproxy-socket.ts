import { connect } from 'node:net';
import { TransientError } from '@gitway/errors';

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** HAProxy keeps ten waiting connections at a socket; what comes then is turned away at once (EAGAIN). */
const AT_ONCE = 4;

/** Sockets → commands under way, and those that wait for their turn. */
const gates = new Map<string, { open: number; readonly waiting: (() => void)[] }>();

/**
 * One command over one of HAProxy's UNIX sockets; it closes the connection when its answer has ended.
 * @throws TransientError when nobody answers in time
 */
export async function ask(path: string, command: string, timeoutMs = 2_000): Promise<string> {
  await enter(path);
  try {
    return await answerOf(path, command, timeoutMs);
  } finally {
    leave(path);
  }
}

function enter(path: string): Promise<void> | void {
  let gate = gates.get(path);
  if (gate === undefined) gates.set(path, (gate = { open: 0, waiting: [] }));
  if (gate.open < AT_ONCE) {
    gate.open += 1;
    return;
  }
  const { waiting } = gate;
  return new Promise((resolve) => void waiting.push(resolve));
}

/** Hands the place on, so that it is never free while somebody waits. */
function leave(path: string): void {
  const gate = gates.get(path);
  if (gate === undefined) return;
  const next = gate.waiting.shift();
  if (next !== undefined) return next();
  gate.open -= 1;
  if (gate.open === 0) gates.delete(path);
}

function answerOf(path: string, command: string, timeoutMs: number): Promise<string> {
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

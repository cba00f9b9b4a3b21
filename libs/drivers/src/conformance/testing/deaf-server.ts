import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Listens, and never accepts: its thread sleeps. */
const program = `
const { createServer } = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const server = createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port);
  setImmediate(() => Atomics.wait(new Int32Array(workerData), 0, 0));
});
`;

/** A port that connections to are neither accepted nor refused: what waits to be accepted has filled its queue. */
export async function startDeafServer(): Promise<{ port: number; close(): Promise<void> }> {
  const lock = new SharedArrayBuffer(4);
  const worker = new Worker(program, { eval: true, workerData: lock });
  const [port] = (await once(worker, 'message')) as [number];
  const fillers: Socket[] = [];
  // The queue takes a few; the first connection that does not come about at once shows that it is full.
  for (let full = false; !full;) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    fillers.push(socket);
    full = await Promise.race([
      once(socket, 'connect').then(() => false),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 250)),
    ]);
  }
  return {
    port,
    close: async () => {
      for (const socket of fillers) socket.destroy();
      Atomics.store(new Int32Array(lock), 0, 1);
      Atomics.notify(new Int32Array(lock), 0);
      await worker.terminate();
    },
  };
}

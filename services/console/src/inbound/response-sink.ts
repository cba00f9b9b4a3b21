import type { Response } from 'express';
import type { EventSink } from '../app/stream-facts.ts';

/** An HTTP response as a sink: `write` says no as soon as the socket's buffer is full. */
export function responseSink(response: Response): EventSink {
  const closed = new AbortController();
  response.on('close', () => closed.abort());
  response.on('error', () => closed.abort());
  return {
    closed: closed.signal,
    write: (text) => response.write(text),
    drained: (signal) =>
      new Promise((resolve) => {
        const done = () => {
          response.off('drain', done);
          signal.removeEventListener('abort', done);
          resolve();
        };
        response.once('drain', done);
        if (signal.aborted) done();
        else signal.addEventListener('abort', done, { once: true });
      }),
  };
}

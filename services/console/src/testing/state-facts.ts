import { randomUUID } from 'node:crypto';
import { sourceRecovered, subjectOf } from '@gitway/contracts';
import { encodeEvent, type JetStreamBus } from '@gitway/messaging';

/** States `source-recovered` as git-watcher does, one fact a call; returns its id. */
export function statingRecoveries(bus: JetStreamBus): (repository?: string) => Promise<string> {
  let stated = 0;
  return async (repository = 'http://127.0.0.1/demo.git') => {
    const data = { source: 'demo', repository, failures: ++stated };
    const id = randomUUID();
    await bus.publish(
      encodeEvent({
        id,
        type: sourceRecovered.type,
        source: '/gitway/git-watcher',
        subject: subjectOf(sourceRecovered, data),
        time: new Date().toISOString(),
        correlationId: id,
        causationId: null,
        traceparent: null,
        data,
      }),
    );
    return id;
  };
}

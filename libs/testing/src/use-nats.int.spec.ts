import { describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { useNats } from './use-nats.ts';

async function connected<T>(
  options: { servers: string; user?: string; pass?: string },
  work: (nats: NatsConnection) => Promise<T>,
): Promise<T> {
  const nats = await connect({ ...options, reconnect: false });
  try {
    return await work(nats);
  } finally {
    await nats.close();
  }
}

const api = async (nats: NatsConnection, subject: string, body: object = {}) =>
  (await nats.request(`$JS.API.${subject}`, JSON.stringify(body), { timeout: 5_000 })).json<Record<string, unknown>>();

describe('useNats', () => {
  const nats = useNats();

  it('has JetStream, and keeps streams and address over a crash', async () => {
    const created = await connected({ servers: nats.url() }, (connection) =>
      api(connection, 'STREAM.CREATE.kept', { name: 'kept', subjects: ['kept.>'], storage: 'file' }),
    );
    expect(created['error']).toBeUndefined();
    await nats.kill();
    await expect(connect({ servers: nats.url(), reconnect: false })).rejects.toThrow();
    await nats.restart();
    const names = await connected({ servers: nats.url() }, (connection) => api(connection, 'STREAM.NAMES'));
    expect(names['streams']).toEqual(['kept']);
  });
});

describe('useNats with permissions', () => {
  const nats = useNats({
    configText: () => `
      authorization {
        users: [
          { user: "admin", password: "a" }
          { user: "reader", password: "r", permissions: { publish: { deny: ["secret.>"] }, subscribe: ["_INBOX.>"] } }
        ]
      }`,
  });

  it('refuses who is not known', async () => {
    await expect(connect({ servers: nats.url(), reconnect: false })).rejects.toThrow(/authorization/i);
  });

  it('gives each user what the configuration says', async () => {
    const refusal = await connected({ servers: nats.url(), user: 'reader', pass: 'r' }, async (connection) => {
      const status = connection.status()[Symbol.asyncIterator]();
      connection.publish('secret.door', 'open');
      return (await status.next()).value;
    });
    expect(refusal).toMatchObject({ type: 'error' });
    await connected({ servers: nats.url(), user: 'admin', pass: 'a' }, async (connection) => {
      connection.publish('secret.door', 'open');
      await connection.flush();
    });
  });
});

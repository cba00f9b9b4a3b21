import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { type Owner, owners } from '@gitway/contracts';
import { useNats } from '@gitway/testing';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats } from '../bus/nats-connection.ts';
import { ADMIN_USER, natsAuthorization, type NatsPasswords } from '../provision/permissions.ts';
import { provisionMessaging } from '../provision/provision.ts';

/** A real NATS with Gitway's users, streams, consumers and buckets, for a suite. */
export function useMessaging() {
  const passwords = Object.fromEntries([ADMIN_USER, ...owners].map((user) => [user, randomUUID()])) as NatsPasswords;
  const nats = useNats({ configText: natsAuthorization(passwords) });
  const connections: NatsConnection[] = [];
  beforeAll(() => provisionMessaging({ url: nats.url(), user: ADMIN_USER, password: passwords[ADMIN_USER] }), 60_000);
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
  });
  return {
    nats,
    /** What a service is given to connect. */
    credentials: (user: Owner | typeof ADMIN_USER) => ({ url: nats.url(), user, password: passwords[user] }),
    /** A connection with one user's rights; closed after the suite. */
    connectAs: async (user: Owner | typeof ADMIN_USER): Promise<NatsConnection> => {
      const connection = await connectNats({ url: nats.url(), user, password: passwords[user] });
      connections.push(connection);
      return connection;
    },
  };
}

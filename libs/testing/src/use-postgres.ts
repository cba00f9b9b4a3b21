import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { createDatabase } from '@gitway/servers';
import { backend } from './backends/backend.ts';
import type { TestServer } from './backends/test-server.ts';
import { setUpTimeoutMs } from './timeouts.ts';

export interface TestPostgres {
  /** A database of this suite, empty at its start, with a superuser. */
  url(): string;
  /** For what concerns the whole server (CREATE DATABASE, roles); the same superuser. */
  adminUrl(): string;
  /** One more empty database; returns its URL. */
  createDatabase(name?: string): Promise<string>;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** A Postgres for this suite: call it in a spec's describe block or at its top. */
export function usePostgres(): TestPostgres {
  let server: TestServer | undefined;
  beforeAll(async () => {
    server = await (await backend()).postgres();
  }, setUpTimeoutMs);
  afterAll(() => server?.remove(), setUpTimeoutMs);
  const running = () => {
    if (server === undefined) throw new Error('usePostgres() is ready only while tests run');
    return server;
  };
  return {
    url: () => running().url,
    adminUrl: () => running().url,
    createDatabase: (name = `db_${randomUUID().replaceAll('-', '')}`) => createDatabase(running().url, name),
    kill: () => running().kill(),
    restart: () => running().restart(),
  };
}

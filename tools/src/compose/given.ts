import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidInputError } from '@gitway/errors';

/** What the operator gives in place of what the compose file brings along; null where nothing is given. */
export interface Given {
  /** An administrator's URL. */
  readonly postgresAdminUrl: string | null;
  readonly natsUrl: string | null;
  readonly redisUrl: string | null;
  /** JSON, as the services take it. */
  readonly sources: string | null;
  readonly channels: string | null;
}

export const nothingGiven: Given = {
  postgresAdminUrl: null,
  natsUrl: null,
  redisUrl: null,
  sources: null,
  channels: null,
};

/** @throws InvalidInputError that names the file and what it must hold, and repeats nothing of its content */
export function readGiven(directory: string): Given {
  const read = (name: string) => textOf(join(directory, name));
  return {
    postgresAdminUrl: url('postgres-admin-url', read('postgres-admin-url'), ['postgres:', 'postgresql:']),
    natsUrl: url('nats-url', read('nats-url'), ['nats:', 'tls:']),
    redisUrl: url('redis-url', read('redis-url'), ['redis:', 'rediss:']),
    sources: list('sources.json', read('sources.json')),
    channels: list('channels.json', read('channels.json')),
  };
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new InvalidInputError('given-file', `${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function url(name: string, text: string | null, protocols: readonly string[]): string | null {
  if (text === null || (URL.canParse(text) && protocols.includes(new URL(text).protocol))) return text;
  throw new InvalidInputError('given-file', `${name} must hold one URL that starts with ${protocols[0]}//`);
}

function list(name: string, text: string | null): string | null {
  if (text === null) return null;
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Told below.
  }
  if (!Array.isArray(value)) throw new InvalidInputError('given-file', `${name} must hold a JSON list`);
  return JSON.stringify(value);
}

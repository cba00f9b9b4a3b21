import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InvalidInputError, TransientError } from '@gitway/errors';
import { z } from 'zod';
import type { CliEnvironment } from '../config.ts';

export interface Connection {
  readonly url: string;
  readonly token: string;
}

const fileSchema = z.object({ url: z.string(), token: z.string() });

/**
 * Where the console is and who we are: options, then `GITWAY_URL` and `GITWAY_TOKEN`, then `.gitway/cli.json` of a
 * platform that runs from this folder or one above it. A token from that file is only ever sent to its own URL.
 *
 * @throws TransientError `not-running`, InvalidInputError `no-token`
 */
export function findConnection(
  options: { url?: string | undefined; token?: string | undefined },
  env: CliEnvironment,
  cwd: string,
): Connection {
  const url = options.url ?? env.GITWAY_URL;
  const token = options.token ?? env.GITWAY_TOKEN;
  if (url !== undefined && token !== undefined) return { url: checked(url), token };
  const local = localPlatform(cwd);
  if (url === undefined && local !== null) return { url: checked(local.url), token: token ?? local.token };
  if (url === undefined) {
    throw new TransientError(
      'not-running',
      'No Gitway is running from this folder. Start one with `npm start`, or say where it is: --url and --token, or GITWAY_URL and GITWAY_TOKEN.',
    );
  }
  if (local !== null && checked(local.url) === checked(url)) return { url: checked(url), token: local.token };
  throw new InvalidInputError('no-token', `A token is needed for ${checked(url)}: --token or GITWAY_TOKEN.`);
}

function localPlatform(cwd: string): Connection | null {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, '.gitway', 'cli.json');
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) {
      try {
        return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch {
        throw new InvalidInputError(
          'bad-cli-file',
          `${path} cannot be read; start the platform again to have it written anew.`,
        );
      }
    }
    if (folder === dirname(folder)) return null;
  }
}

function checked(url: string): string {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new InvalidInputError('bad-url', 'The URL must look like http://127.0.0.1:8080.');
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new InvalidInputError('bad-url', 'The URL must start with http:// or https://.');
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new InvalidInputError(
      'bad-url',
      'The URL must carry no credentials; give the token with --token or GITWAY_TOKEN.',
    );
  }
  return parsed.href.replace(/\/+$/, '');
}

import { loadConfig } from '@gitway/config';
import { z } from 'zod';
import { readGiven } from './given.ts';
import { GIVEN_DIRECTORY, SECRETS_DIRECTORY } from './layout.ts';
import { writeSecrets } from './write-secrets.ts';

/** The container `secrets`: runs once at each `docker compose up`, before everything else. */
export async function secretsCommand(): Promise<number> {
  const config = loadConfig(
    z.object({ COMPOSE_PROFILES: z.string().default('').describe('the profiles of the compose file that run') }),
  );
  const changed = writeSecrets({
    directory: SECRETS_DIRECTORY,
    given: readGiven(GIVEN_DIRECTORY),
    valkey: config.COMPOSE_PROFILES.split(',').includes('valkey'),
  });
  process.stdout.write(changed.length === 0 ? 'secrets are as they were\n' : `wrote ${changed.join(', ')}\n`);
  return 0;
}

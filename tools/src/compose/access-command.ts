import { NotFoundError } from '@gitway/errors';
import { loadSecrets } from '../launcher/secrets.ts';
import { readJsonFile, StateDirectory } from '../launcher/state-directory.ts';
import { SECRETS_DIRECTORY } from './layout.ts';

/** What a person needs to get in, as variables for a shell. Printed only when asked for. */
export async function accessCommand(): Promise<number> {
  const state = new StateDirectory(SECRETS_DIRECTORY);
  if (readJsonFile(state.secrets) === null) {
    throw new NotFoundError('no-secrets', 'there are no secrets yet; start with: docker compose up -d');
  }
  const { secrets } = loadSecrets(state);
  process.stdout.write(
    `CONSOLE_TOKEN=${secrets.consoleToken}\nGIT_TOKEN=${secrets.gitToken}\nDEMO_KEY=${secrets.demoKey}\n`,
  );
  return 0;
}

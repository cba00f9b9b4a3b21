import { NotFoundError } from '@gitway/errors';
import { z } from 'zod';
import { ConsoleClient } from '../client/console-client.ts';
import { WorkingCopy } from '../client/working-copy.ts';
import { lockOwner } from '../supervisor/process-lock.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { readJsonFile, writeFileWhole, writeJsonFile, type StateDirectory } from './state-directory.ts';

/** `platform.json`: where a running platform can be reached. Holds no secrets. */
const platformFileSchema = z.object({
  /** The launcher. */
  pid: z.int(),
  startedAt: z.string(),
  ports: z.record(z.string(), z.int()),
  urls: z.object({
    console: z.string(),
    /** Null without the example. */
    clone: z.string().nullable(),
    /** `GET <this>/deliveries`: what the notifier has delivered. */
    notifications: z.string(),
    /** By environment. */
    gateways: z.record(z.string(), z.string()),
  }),
  /** Process ids at the start, by name. */
  processes: z.record(z.string(), z.int().nullable()),
});
export type PlatformFile = z.infer<typeof platformFileSchema>;

/** How to use a running platform, also one that another process started. */
export interface PlatformAccess {
  readonly state: StateDirectory;
  readonly urls: PlatformFile['urls'];
  readonly ports: PlatformFile['ports'];
  readonly secrets: Secrets;
  readonly console: ConsoleClient;
  /** A fresh clone of the example's repository, with the right to push. */
  clone(folder: string): Promise<WorkingCopy>;
}

export function writeAccess(state: StateDirectory, file: PlatformFile, secrets: Secrets): void {
  writeJsonFile(state.platform, file);
  writeJsonFile(state.cli, { url: file.urls.console, token: secrets.consoleToken }, 0o600);
  writeFileWhole(state.consoleToken, `${secrets.consoleToken}\n`, 0o600);
  writeFileWhole(state.gitToken, `${secrets.gitToken}\n`, 0o600);
}

/** @throws NotFoundError when none runs from this directory */
export function openPlatform(state: StateDirectory): PlatformAccess {
  if (lockOwner(state.lock) === null || readJsonFile(state.platform) === null) {
    throw new NotFoundError('no-platform', `no platform runs from ${state.path}; start one with: npm start`);
  }
  return accessOf(state);
}

export function accessOf(state: StateDirectory): PlatformAccess {
  const { urls, ports } = platformFileSchema.parse(readJsonFile(state.platform));
  const { secrets } = loadSecrets(state);
  return {
    state,
    urls,
    ports,
    secrets,
    console: new ConsoleClient(urls.console, secrets.consoleToken),
    clone: async (folder) => {
      if (urls.clone === null)
        throw new NotFoundError('no-example', 'this platform runs without the example repository');
      return WorkingCopy.clone({ folder, url: urls.clone, token: secrets.gitToken });
    },
  };
}

import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { tempDir } from '@gitway/testing';
import { EventFeed, type Platform, pushExample, silent, startPlatform, type WorkingCopy } from '@gitway/tools';

/** Long enough for a machine that has to fetch its servers first. */
const START_MS = 240_000;

export interface E2ePlatform {
  platform(): Platform;
  feed(): EventFeed;
  copy(): WorkingCopy;
}

/** A whole platform of this suite's own, with the example repository live, a clone of it, and its facts as they come. */
export function usePlatform(
  options: { env?: Record<string, string> | (() => Record<string, string>) } = {},
): E2ePlatform {
  let platform: Platform | undefined;
  let feed: EventFeed | undefined;
  let copy: WorkingCopy | undefined;
  // Hooks run in the order of their declaration: the platform ends before its folder goes.
  afterAll(async () => {
    await feed?.close();
    await platform?.stop();
  }, 60_000);
  const folder = tempDir();
  beforeAll(async () => {
    const env = typeof options.env === 'function' ? options.env() : options.env;
    platform = await startPlatform({
      stateDir: join(folder.path(), 'state'),
      reporter: silent,
      ...(env ? { env } : {}),
    });
    await pushExample(platform, silent);
    feed = await EventFeed.open(platform.console);
    copy = await platform.clone(join(folder.path(), 'copy'));
  }, START_MS);
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('usePlatform() is ready only while tests run');
    return value;
  };
  return { platform: () => there(platform), feed: () => there(feed), copy: () => there(copy) };
}

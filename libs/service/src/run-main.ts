import { exitCodes, messageOf } from '@gitway/errors';
import type { DynamicModule, Type } from '@nestjs/common';
import { startService, type StartOptions } from './start-service.ts';

/**
 * All of a service's `main.ts`: reads the configuration, builds the module, starts. A bad configuration ends the
 * process with one readable message instead of a stack.
 */
export async function runMain<Config extends StartOptions['config']>(
  options: Omit<StartOptions, 'config'> & {
    readonly loadConfig: () => Config;
    readonly module: (config: Config) => Type | DynamicModule;
  },
): Promise<void> {
  let config: Config;
  try {
    config = options.loadConfig();
  } catch (error) {
    process.stderr.write(`${options.name}: ${messageOf(error)}\n`);
    process.exitCode = exitCodes.usage;
    return;
  }
  await startService(options.module(config), { ...options, config });
}

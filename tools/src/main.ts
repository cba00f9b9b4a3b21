import { exitCodeOf, messageOf } from '@gitway/errors';

/** A command is loaded when it is asked for: the launcher's parts have no place in a test run. `compose-…` are for containers. */
const commands: Record<string, (args: readonly string[]) => Promise<number>> = {
  start: async (args) => (await import('./launcher/start-command.ts')).startCommand(args),
  reset: async (args) => (await import('./launcher/reset-command.ts')).resetCommand(args),
  demo: async (args) => (await import('./demo/demo-command.ts')).demoCommand(args),
  bench: async (args) => (await import('./run-package.ts')).runPackage('bench', args),
  gitway: async (args) => (await import('./run-package.ts')).runPackage('gitway', args),
  generate: async () => (await import('./generate/generate-command.ts')).generateCommand(),
  test: async (args) => (await import('./test-runner/test-command.ts')).testCommand(args),
  check: async (args) => (await import('./test-runner/test-command.ts')).checkCommand(args),
  'compose-secrets': async () => (await import('./compose/secrets-command.ts')).secretsCommand(),
  'compose-provision': async () => (await import('./compose/provision-command.ts')).provisionCommand(),
  'compose-first-push': async () => (await import('./compose/first-push-command.ts')).firstPushCommand(),
  'compose-access': async () => (await import('./compose/access-command.ts')).accessCommand(),
};

const [, , name = '', ...args] = process.argv;
const offered = Object.keys(commands).filter((one) => !one.startsWith('compose-'));

try {
  const command = commands[name];
  if (command === undefined) throw new Error(`"${name}" is not a command; there are: ${offered.join(', ')}`);
  process.exitCode = await command(args);
} catch (error) {
  process.stderr.write(`gitway: ${messageOf(error)}\n`);
  process.exitCode = exitCodeOf(error);
}

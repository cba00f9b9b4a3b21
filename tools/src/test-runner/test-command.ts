import { parseArgs } from 'node:util';
import { InvalidInputError } from '@gitway/errors';
import { runStages } from './run-stages.ts';
import { borders, format, jestTier, lintSources, tiers, types, type Stage, type Tier } from './stage.ts';

export const testHelp = `npm test [-- [--tier unit|int|e2e] [path…]]

Runs everything: types, lint, borders, format, then the unit, integration and end-to-end tests.
The last line is "N passed, N failed"; each check counts as one, each test as one.

  npm test                                    everything
  npm test -- --tier unit                     the unit tests
  npm test -- services/deployer               the tests whose path contains this, of every tier
  npm test -- --tier int libs/messaging       both
`;

export const checkHelp = `npm run check

Types, lint, borders and format, without tests.
`;

const checks: readonly Stage[] = [types, lintSources, borders, format];

/** @returns the exit code */
export async function testCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { tier: { type: 'string', multiple: true }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help === true) {
    process.stdout.write(testHelp);
    return 0;
  }
  const chosen = values.tier ?? [];
  const wrong = chosen.find((tier) => !(tiers as readonly string[]).includes(tier));
  if (wrong !== undefined) throw new InvalidInputError('tier', `"${wrong}" is no tier; there are: ${tiers.join(', ')}`);
  const everything = chosen.length === 0 && positionals.length === 0;
  const selected = chosen.length === 0 ? tiers : (chosen as Tier[]);
  return report([...(everything ? checks : []), ...selected.map((tier) => jestTier(tier, positionals))]);
}

/** @returns the exit code */
export async function checkCommand(args: readonly string[]): Promise<number> {
  if (args.length === 0) return report(checks);
  process.stdout.write(checkHelp);
  return args[0] === '--help' || args[0] === '-h' ? 0 : 2;
}

async function report(stages: readonly Stage[]): Promise<number> {
  const { passed, failed } = await runStages(stages, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

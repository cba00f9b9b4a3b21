import { resolve } from 'node:path';
import {
  compileWorkspace,
  impactWords,
  readRules,
  renderFindings,
  impactOfRules,
  allRules,
  noRules as nothing,
  MemoryCache,
  type RuleImpact,
  type WorkspaceReader,
  type WorkspaceRules,
} from '@gitway/compiler';
import { exitCodes, GitwayError, InvalidInputError } from '@gitway/errors';
import { type Command, Option } from 'commander';
import { driverChecks } from '@gitway/drivers';
import { FolderReader } from '../check/folder-reader.ts';
import type { Paint } from '../render/color.ts';
import { table, type Cell } from '../render/table.ts';
import { clean, shortCommit } from '../render/text.ts';
import { hear, hearCommit } from '../rules/hear.ts';
import { fetchUsage } from '../rules/usage.ts';
import { fetchLive, type LiveEnvironment } from '../rules/live-units.ts';
import { allowed, withAllowances, type Allowances } from '../check/allowances.ts';
import { clientOf, examples, globalsOf, paintOf, show, type Context } from './context.ts';

interface ImpactOptions extends Allowances {
  readonly environment?: string;
  readonly against?: 'live' | 'folder';
}

interface Judged extends Omit<LiveEnvironment, 'units'> {
  readonly units: number;
  readonly impacts: readonly RuleImpact[];
  /** What could not be judged, as clauses. */
  readonly unknown: readonly string[];
}

const help = `
Live: what every gateway was read back to serve, asked of the console. Where none is known, and with --against folder, it
is what the folder itself compiles to.

Judged are guardrails by what is served, the lint, Spectral rulesets and the checks of the whole by the files that it was
made from (the live commit must be in this repository), and the policy of breaking changes by who calls what: that one
refuses nothing now, and so does not count.

Exit codes: 0 nothing would be refused, or only by RuleSets on trial; 1 a rule would refuse something, or a RuleSet is
wrong; 2 wrong arguments, folder or environment; 4 the console is not reachable.
`;

/** Whom the rules of a folder would hit. */
export function addRulesImpact(rules: Command, context: Context): void {
  withAllowances(rules.command('impact'))
    .argument('[folder]', 'a working copy of a repository', '.')
    .description('what the RuleSets of a folder would refuse of what is live: exit code 1 when they would')
    .option('-e, --environment <name>', 'of one environment; when not given, of each that the folder declares')
    .addOption(new Option('--against <what>', 'what is judged (live)').choices(['live', 'folder']))
    .addHelpText(
      'after',
      `${examples(
        'gitway rules impact --environment production',
        'gitway rules impact ./gateway --against folder',
        'gitway rules impact . --json | jq ".environments[].impacts[] | select(.rejects != [])"',
      )}${help}`,
    )
    .action((folder: string, options: ImpactOptions, command: Command) => runImpact(folder, options, command, context));
}

async function runImpact(folder: string, options: ImpactOptions, command: Command, context: Context): Promise<void> {
  const { io } = context;
  const files = await FolderReader.open(resolve(io.cwd, folder));
  await files.list();
  const reader = { list: () => Promise.resolve(files.entries), read: (path: string) => files.read(path) };
  const may = allowed(options);
  const rules = await readRules(reader, may.remote, may.rulesetFunctions);
  if (rules.ruleSets.length === 0 && rules.findings.length === 0)
    throw new InvalidInputError('no-rules', `${folder} has no resource of kind RuleSet.`);
  const names = options.environment === undefined ? rules.environments : [options.environment];
  if (names.length === 0) {
    const message = `${folder} declares no environment; say which one with --environment.`;
    throw new InvalidInputError('no-environment', message);
  }
  const client = options.against === 'folder' ? null : consoleOf(options, command, context);
  const judged: Judged[] = [];
  const means = io.openMeans?.(true, (sentence) => io.err(`${clean(sentence)}\n`));
  const { documents, lasting } = means ?? {};
  const here = {
    cache: new MemoryCache(),
    now: io.now(),
    ...may,
    ...(documents === undefined ? {} : { documents }),
  };
  const hearIn = ({ environment, commit }: LiveEnvironment) =>
    commit === null
      ? hear(reader, environment, rules.rules, here)
      : hearCommit(files.root, commit, environment, rules.rules, {
          ...here,
          ...(lasting === undefined ? {} : { lasting }),
        });
  try {
    const all =
      client === null ? compiled(reader, names, options) : Promise.all(names.map((name) => fetchLive(client, name)));
    for (const live of await all) {
      const { units, ...rest } = live;
      const { environment, snapshot } = live;
      const impact = await impactOfRules(
        snapshot === null ? nothing : allRules(rules.rules, environment),
        rules.rules,
        {
          ...{ environment, now: here.now, units },
          hear: () => hearIn(live),
          usage: async (api, since) =>
            client === null ? { unknown: 'no platform was asked' } : fetchUsage(client, environment, api, since),
        },
      );
      judged.push({ ...rest, units: units.length, ...impact });
    }
  } finally {
    await means?.close();
  }
  const wrong = rules.findings.some(({ severity }) => severity === 'error');
  const hits = judged.some(({ impacts }) =>
    impacts.some(({ rejects, trial, nextChange }) => rejects.length > 0 && !trial && nextChange !== true),
  );
  const against = client === null ? 'folder' : 'live';
  const { findings, ruleSets } = rules;
  const sources = await sourcesOf(files, rules);
  show(command, context, { good: !wrong && !hits, against, ruleSets, environments: judged, findings }, () => {
    const color = globalsOf(command).color !== false && io.color;
    const paint = paintOf(command, context);
    const problems = findings.length === 0 ? [] : [renderFindings(findings, sources, { color })];
    return [...problems, ...judged.map((each) => rendered(each, against, paint, io.width))].join('\n');
  });
  context.setExitCode(wrong || hits ? exitCodes.finding : exitCodes.ok);
}

/** Null where no console is known and none was asked for. */
function consoleOf({ against }: ImpactOptions, command: Command, context: Context) {
  try {
    return clientOf(command, context);
  } catch (error) {
    if (against === 'live' || !(error instanceof GitwayError) || error.slug !== 'not-running') throw error;
    context.io.err('No platform is known here: judged is what the folder compiles to (--against folder).\n');
    return null;
  }
}

/** What the folder compiles to, whatever its rules say of it. */
async function compiled(
  reader: WorkspaceReader,
  names: readonly string[],
  allowances: Allowances,
): Promise<LiveEnvironment[]> {
  const { environments } = await compileWorkspace(reader, {
    drivers: driverChecks,
    withoutRules: true,
    ...allowed(allowances),
  });
  return names.map((environment) => {
    const found = environments.find(({ name }) => name === environment);
    if (found === undefined) {
      const known = environments.map(({ name }) => name).join(', ') || 'none';
      const message = `The folder declares no environment ${environment}. It declares: ${known}.`;
      throw new InvalidInputError('unknown-environment', message);
    }
    if (found.digest === null) {
      const message = `The folder does not compile for ${environment}; \`gitway check\` says why.`;
      throw new InvalidInputError('not-compiled', message);
    }
    const units = [...found.units.values()];
    return { environment, snapshot: found.digest, commit: null, since: null, units, unreadable: 0 };
  });
}

function rendered(judged: Judged, against: 'live' | 'folder', paint: Paint, width: number): string {
  const { environment, snapshot, commit, unreadable, impacts, unknown } = judged;
  if (snapshot === null) return `${environment}: nothing is live there\n`;
  const head =
    commit === null ? `${environment}: as the folder compiles` : `${environment}: live is ${shortCommit(commit)}`;
  const hits = impacts.filter(({ rejects, warns }) => rejects.length + warns.length > 0);
  const none = impacts.length - hits.length;
  const rows = hits.map((impact): (string | Cell)[] => {
    const [said, list] = impactWords(impact);
    const refuses = impact.rejects.length > 0;
    const style = !refuses ? 'dim' : impact.trial ? 'warn' : 'bad';
    return [clean(impact.rule), impact.trial ? 'trial' : 'enforced', { text: said, style }, clean(list)];
  });
  const lines = [
    paint('strong', head),
    ...(rows.length === 0
      ? []
      : [table(['rule', 'is', `what it would do (${against})`, 'to'], rows, { paint, width }).trimEnd()]),
    ...(none === 0 ? [] : [`${none} ${none === 1 ? 'rule hits' : 'rules hit'} nothing`]),
    ...unknown.map((why) => `the lint and the checks of the whole were not judged: ${clean(why)}`),
    ...(unreadable === 0 ? [] : [`${unreadable} parts were written by an earlier release and were not judged`]),
  ];
  return `${lines.join('\n')}\n`;
}

async function sourcesOf(reader: FolderReader, { findings }: WorkspaceRules) {
  const texts = new Map<string, string>();
  for (const { where } of findings) {
    if (where.file === undefined || texts.has(where.file)) continue;
    const bytes = await reader.read(where.file);
    if (bytes !== undefined) texts.set(where.file, new TextDecoder().decode(bytes));
  }
  return (path: string) => texts.get(path);
}

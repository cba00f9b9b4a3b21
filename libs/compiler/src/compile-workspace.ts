import { countFindings, type Finding, type FindingCounts } from '@gitway/contracts';
import { checkResources } from './checks/index.ts';
import { branchesOf } from './branches.ts';
import { collectFiles } from './collect-files.ts';
import { judgeAgainstLive } from './breaking/judge-against-live.ts';
import { documentProblem } from './environment/compile-api.ts';
import { draftEnvironment, finishEnvironment, type EnvironmentOutcome } from './environment/compile-environment.ts';
import type { CompileContext } from './environment/context.ts';
import { strayVariables } from './environment/stray-variables.ts';
import { FindingGroups } from './finding-groups.ts';
import { finding, hasErrors, orderFindings } from './findings.ts';
import { findingsOfRules, placeOfRule, rulesInForce } from './impact/rules-in-force.ts';
import { noCache, nothingLasts } from './memory-cache.ts';
import { readDocuments, readHere, type WantedDocument } from './openapi/read-documents.ts';
import { RemoteCopies } from './openapi/remote-files.ts';
import { PemFiles } from './pem-files.ts';
import { ResourceIndex } from './resource-index.ts';
import { withSecretsHidden } from './secrets/hide-in-result.ts';
import { KeptUnits } from './stages/kept-units.ts';
import { Hearing } from './verdicts/hearing.ts';
import { Suppressions } from './verdicts/suppressions.ts';
import { Verdicts } from './verdicts/verdicts.ts';
import type { CompiledEnvironment, CompileOptions, CompiledWorkspace, WorkspaceReader } from './workspace.ts';

/**
 * Compiles a workspace for each environment that follows a branch: files → resources → units → snapshot, or findings
 * that say where and what to do. What concerns a file refuses every environment; what concerns one environment (its
 * patches, variables, routes, gateways) refuses that one alone. Equal content gives equal digests, whatever the order.
 */
export async function compileWorkspace(reader: WorkspaceReader, options: CompileOptions): Promise<CompiledWorkspace> {
  const cache = options.cache ?? noCache;
  const breathe = options.breathe ?? (() => Promise.resolve());
  const lasting = options.lasting ?? nothingLasts;
  const files = await collectFiles({ reader, cache, lasting, breathe });
  const index = new ResourceIndex(files.resources, files.broken);
  const { hearing } = options;
  const remote = new RemoteCopies(options.remote);
  const functions = options.rulesetFunctions ?? false;
  const means = { entries: files.entries, reader, cache, remote, functions };
  const own = () => rulesInForce(index, means, options.withoutRules);
  const rules = hearing?.rules ?? (await own());
  const { located, ruleSets, settings, breaking, lint } = rules;
  const suppressions = new Suppressions(index, ruleSets.isKnown, options.now, located);
  const listening = hearing === undefined ? undefined : new Hearing(ruleSets.levels, suppressions);
  const verdicts = listening ?? new Verdicts(ruleSets.levels, suppressions);
  const context: CompileContext = {
    entries: files.entries,
    reader,
    cache,
    lasting,
    index,
    drivers: options.drivers,
    breathe,
    documentReader: options.documents ?? readHere,
    documents: new Map(),
    remote,
    pems: await PemFiles.load(files.entries, reader, cache),
    lint,
    referenced: new Set(lint.files),
    rules: ruleSets.rules,
    placeOfRule: (rule) => placeOfRule(rules, rule),
    verdicts,
    settings,
    breakingRules: breaking.rules,
    hearing: hearing !== undefined,
    writtenByGitway: options.writtenByGitway ?? false,
    shards: { taken: new Map(), made: new Map() },
    runs: { files: files.looked, documents: 0, units: 0 },
    now: options.now,
  };
  const branches = branchesOf(index);
  const shared: Finding[] = [
    ...files.findings,
    ...index.findings,
    ...branches.findings,
    // What is wrong with rules of another workspace is said where they are.
    ...(hearing === undefined ? findingsOfRules(rules) : []),
    ...context.pems.privateKeys(),
    ...strayVariables(index),
  ];
  shared.push(...checkResources({ index, cache }, !index.hasBroken));
  const chosen = index
    .all('Environment')
    .filter(({ resource }) => options.branch === undefined || branches.of.get(resource.name) === options.branch)
    .filter(({ resource }) => hearing === undefined || hearing.environments.includes(resource.name));
  const drafted = chosen.map((environment) => draftEnvironment(environment, context));
  const wanted = new Map<string, WantedDocument>();
  for (const { apis } of drafted) {
    for (const draft of apis) {
      if (draft.document === undefined) continue;
      context.referenced.add(draft.document.path);
      if (documentProblem(draft, files.entries) === undefined) wanted.set(draft.document.id, draft.document);
    }
  }
  context.documents = await readDocuments(wanted, {
    entries: files.entries,
    reader,
    cache,
    lasting,
    documents: context.documentReader,
    breathe,
    remote,
    ran: () => context.runs.documents++,
  });
  const keptUnits = new KeptUnits(context, files.findings);
  await keptUnits.take(drafted);
  const finished: EnvironmentOutcome[] = [];
  for (const each of drafted) finished.push(await finishEnvironment(each, context));
  keptUnits.save(drafted);
  const outcomes: EnvironmentOutcome[] = [];
  for (const each of finished) outcomes.push(await judgeAgainstLive(each, options.live, context));

  for (const [path, problem] of files.unreadable) if (!context.referenced.has(path)) shared.push(problem);
  const broken = files.broken.filter(({ kind }) => kind === 'Environment').map(({ name }) => name);
  if (chosen.length === 0 && broken.length === 0) shared.push(noEnvironment(options.branch, branches.of));

  const judged = verdicts.judge(shared, {});
  const refuseAll = hasErrors(judged.findings);
  // Where something was refused, later checks did not run, and nobody knows what suppressions they would have needed.
  const complete =
    !refuseAll &&
    chosen.length === index.all('Environment').length &&
    !outcomes.some((outcome) => outcome.findings.hasErrors);
  const ofSuppressions = verdicts.judge(suppressions.findings(complete), {});
  const sharedOnce = orderFindings([...judged.findings, ...ofSuppressions.findings]);
  const sharedCounts = countFindings(sharedOnce);
  const environments = outcomes.map((outcome): CompiledEnvironment => {
    const { name, snapshot, digest, units } = outcome;
    const findings = outcome.findings.ordered();
    const suppressed = orderFindings(outcome.suppressed);
    const counts = sumOf(sharedCounts, countFindings(findings));
    if (refuseAll || outcome.findings.hasErrors)
      return { name, snapshot: null, digest: null, units: new Map(), findings, suppressed, counts };
    const { accepted = [] } = outcome;
    return { name, snapshot, digest, units, findings, suppressed, counts, accepted };
  });
  for (const name of new Set(broken)) {
    if (environments.some((environment) => environment.name === name) || !/^[a-z0-9-]{1,63}$/.test(name)) continue;
    const nothing = { snapshot: null, digest: null, units: new Map(), findings: [], suppressed: [] };
    environments.push({ name, ...nothing, counts: sharedCounts });
  }
  const all = new FindingGroups();
  all.add(sharedOnce);
  for (const outcome of outcomes) all.addAll(outcome.findings);
  const findings = all.ordered();
  const suppressed = orderFindings([
    ...judged.suppressed,
    ...ofSuppressions.suppressed,
    ...outcomes.flatMap((outcome) => outcome.suppressed),
  ]);
  const compiledDocuments = new Map(outcomes.flatMap((outcome) => [...outcome.documents]));
  const result = {
    environments,
    documents: compiledDocuments,
    remote: remote.taken,
    findings,
    suppressed,
    counts: countFindings(findings),
    verdicts,
    guardrails: ruleSets.rules,
    rules,
    heard: listening?.heard ?? [],
    index,
    runs: context.runs,
  };
  return withSecretsHidden(result, reader);
}

const sumOf = (a: FindingCounts, b: FindingCounts): FindingCounts => ({
  errors: a.errors + b.errors,
  warnings: a.warnings + b.warnings,
  infos: a.infos + b.infos,
});

function noEnvironment(branch: string | undefined, branches: ReadonlyMap<string, string>): Finding {
  const followed = [...new Set(branches.values())].sort();
  const message =
    branch === undefined
      ? 'There is no Environment, so nothing can go live.'
      : `No Environment follows the branch \`${branch}\`, so nothing can go live.`;
  const hint =
    followed.length === 0
      ? 'Add a resource of kind Environment.'
      : `Branches that are followed: ${followed.join(', ')}.`;
  return finding('no-environment', 'error', {}, message, hint);
}

import { describe, expect, it } from '@jest/globals';
import {
  commitRejected,
  commitValidated,
  deployed,
  type Finding,
  liveUnitsViewSchema,
  reportSchema,
} from '@gitway/contracts';
import { BusFactPublisher, JetStreamBus } from '@gitway/messaging';
import { waitFor } from '@gitway/testing';
import { DataSource } from 'typeorm';
import { liveFact, openApi, zoo } from './testing/files.ts';
import { useValidator } from './testing/use-validator.ts';

const validator = useValidator();

const ruleSet = (severity: string, mode = '') =>
  `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n${mode}  guardrails: [{ use: upstream-tls, severity: ${severity} }]\n`;
const consumer = `apiVersion: gitway.dev/v1\nkind: Consumer\nmetadata: { name: acme }\nspec: { plans: [free], credentials: { apiKeys: [{ sha256: ${'a'.repeat(64)} }] } }\n`;

/** What the report of a commit says of the rules that it changes. */
async function judged(name: string, files: Record<string, string>, definition: 'validated' | 'rejected') {
  const { id, commit } = await validator.push(zoo(name, { 'consumer.yaml': consumer, ...files }), { source: name });
  // The first Spectral ruleset has its library loaded in every thread.
  if (definition === 'validated') await validator.caused(commitValidated, id, 1, 60_000);
  else await validator.caused(commitRejected, id, 1, 60_000);
  const report = reportSchema.parse((await validator.get(`/commits/${commit}/report`)).body);
  const impact = report.findings.filter(({ rule }: Finding) => rule === 'rule-set-impact');
  return { commit, report, impact, id };
}

async function goLive(name: string): Promise<{ commit: string; snapshot: string }> {
  const { id, commit } = await judged(name, {}, 'validated');
  const [event] = await validator.caused(commitValidated, id);
  const { snapshot } = event!.data;
  const deployer = new BusFactPublisher(new JetStreamBus(await validator.messaging.connectAs('deployer')));
  await deployer.publish(deployed, liveFact(name, { commit, snapshot }));
  await waitFor(async () => liveUnitsViewSchema.parse((await units(name)).body).snapshot === snapshot);
  return { commit, snapshot };
}

const units = (name: string, query = '') => validator.get(`/environments/${name}/units${query}`);

describe('a commit that changes rules', () => {
  it('is told whom they would hit of what is live: before, when and after they refuse', async () => {
    await goLive('rules');
    const trial = await judged('rules', { 'rules.yaml': ruleSet('error', '  mode: trial\n') }, 'validated');
    const said = ' would reject 2 of 2 APIs that are live in rules: dogs, pets.';
    expect(trial.impact).toMatchObject([
      {
        severity: 'warning',
        where: { file: 'rules.yaml', object: 'RuleSet/house' },
        message: `Rule \`upstream-tls\`, on trial,${said}`,
        related: [{ where: { object: 'Api/dogs' } }, { where: { object: 'Api/pets' } }],
      },
    ]);
    expect(trial.report.counts).toMatchObject({ errors: 0, warnings: 1 });
    expect(trial.report.environments[0]!.counts).toEqual(trial.report.counts);
    // The same rules again: nothing changed, nothing is judged.
    const words = { 'rules.yaml': `# with a remark\n${ruleSet('error', '  mode: trial\n')}` };
    expect((await judged('rules', words, 'validated')).impact).toEqual([]);
    const enforced = { 'rules.yaml': ruleSet('error') };
    const refused = await judged('rules', enforced, 'rejected');
    expect(refused.impact.map(({ message }) => message)).toEqual([`Rule \`upstream-tls\`${said}`]);
    // What was refused is not in force: the next commit that brings it is told again.
    expect((await judged('rules', { ...enforced, 'more.txt': 'x' }, 'rejected')).impact).toHaveLength(1);
  });

  it('is told when they hit nothing, and nothing where nothing is live', async () => {
    expect((await judged('fresh', { 'rules.yaml': ruleSet('warning') }, 'validated')).impact).toEqual([]);
    await goLive('calm');
    const none = ruleSet('error').replace('upstream-tls', 'upstream-link-local');
    expect((await judged('calm', { 'rules.yaml': none }, 'validated')).impact).toMatchObject([
      { severity: 'info', message: 'Rule `upstream-link-local` would hit nothing that is live in calm.' },
    ]);
  });
});

describe('a commit that changes the lint or the policy of breaking changes', () => {
  const rules = (spec: string) => ({
    'rules.yaml': `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n${spec}`,
  });
  const style = (match: string) => ({
    ...rules('  openapi: { rulesets: [./style.yaml] }\n'),
    'style.yaml': `rules:\n  title-of-zoo:\n    severity: error\n    given: $.info.title\n    then: { function: pattern, functionOptions: { match: '${match}' } }\n`,
  });
  const said = (impact: readonly Finding[]) => impact.map(({ severity, message }) => `${severity} ${message}`);

  it('is told whose documents a ruleset would refuse, as they are live and not as the commit has them', async () => {
    await goLive('lint');
    const mended = { 'dogs.openapi.yaml': openApi('Dogs of the Zoo', 2) };
    const good = await judged('lint', { ...mended, ...style('Zoo$') }, 'validated');
    expect(said(good.impact)).toEqual([
      'warning Rule `spectral-title-of-zoo` would reject 1 of 2 APIs that are live in lint: dogs.',
    ]);
    expect(good.impact[0]).toMatchObject({
      where: { file: 'rules.yaml', field: 'spec.openapi.rulesets.0' },
      related: [{ where: { object: 'Api/dogs' } }],
    });
    // In force now: told once. What changes in it is told again.
    expect((await judged('lint', { ...mended, ...style('Zoo$'), 'more.txt': 'x' }, 'validated')).impact).toEqual([]);
    const narrower = await judged('lint', { ...mended, ...style('^Dogs') }, 'rejected');
    expect(said(narrower.impact)).toEqual([
      'warning Rule `spectral-title-of-zoo` would reject 1 of 2 APIs that are live in lint: pets.',
    ]);
  });

  it('is told whom other severities and requirements would hit', async () => {
    await goLive('levels');
    const override = rules('  rules: { plan-without-limit: error }\n');
    expect(said((await judged('levels', override, 'validated')).impact)).toEqual([
      'info Rule `plan-without-limit` would hit nothing that is live in levels.',
    ]);
    const require = rules('  require: [{ visibility: [public], fields: [timeout] }]\n');
    expect(said((await judged('levels', require, 'rejected')).impact)).toEqual([
      'warning Rule `missing-policy` would reject 1 of 2 APIs that are live in levels: pets.',
    ]);
  });

  it('is told whose next breaking change would be refused', async () => {
    await goLive('breaks');
    const policy = rules('  breaking: { policies: [{ visibility: [public], unknown: block }] }\n');
    const { impact } = await judged('breaks', policy, 'validated');
    expect(said(impact)).toEqual([
      'warning The policy of breaking changes would reject a change that breaks callers of 1 of 2 APIs that are live in breaks: pets.',
    ]);
    expect(impact[0]!.related?.[0]?.message).toContain('is not known: no usage of breaks has been heard of yet');
  });

  it('is told that it is not known where the files of what is live are of an earlier release', async () => {
    const { commit } = await goLive('older');
    const database = await new DataSource({ type: 'postgres', url: validator.postgres.url() }).initialize();
    await database.query('UPDATE commits SET tree = NULL WHERE commit = $1', [commit]);
    await database.destroy();
    const [only, ...others] = said((await judged('older', style('Zoo$'), 'rejected')).impact);
    expect([only, others]).toEqual([expect.stringContaining('its files were read by an earlier release'), []]);
  });
});

describe('what is live', () => {
  it('can be asked for, page by page, of one snapshot, without hashes of keys', async () => {
    const live = await goLive('asked');
    const all = liveUnitsViewSchema.parse((await units('asked')).body);
    expect(all).toMatchObject({ environment: 'asked', ...live, next: null, unreadable: 0 });
    expect(all.total).toBe(all.items.length);
    expect(JSON.stringify(all)).not.toContain('a'.repeat(64));
    expect(all.items.flatMap((unit) => (unit.kind === 'consumers' ? unit.consumers : []))).toMatchObject([
      { name: 'acme', keyHashes: [expect.stringMatching(/^[0-9a-f]{64}$/)] },
    ]);
    const pages: unknown[] = [];
    for (let offset: number | null = 0; offset !== null;) {
      const page = liveUnitsViewSchema.parse(
        (await units('asked', `?limit=2&offset=${offset}&snapshot=${live.snapshot}`)).body,
      );
      pages.push(...page.items);
      offset = page.next;
    }
    expect(pages).toEqual(all.items);
    expect((await units('asked', `?snapshot=sha256-${'0'.repeat(64)}`)).status).toBe(409);
    expect((await units('asked', '?limit=5000')).status).toBe(400);
    expect(liveUnitsViewSchema.parse((await units('nowhere')).body)).toMatchObject({ snapshot: null, items: [] });
  });
});

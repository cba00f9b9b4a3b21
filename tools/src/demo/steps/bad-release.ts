import {
  deployed,
  incidentOpened,
  incidentResolved,
  pinLifted,
  revertCommitted,
  rolledBack,
  trafficJudged,
  type Fact,
} from '@gitway/contracts';
import { assertDemo, EVENT_WITHIN_MS, short, untilTrue, type DemoContext, type DemoStep } from '../context.ts';

const STAGING = 'environments/staging.yaml';
/** The window of analysis in staging is 10 s. */
const PROVEN_AFTER_MS = 12_000;
const JUDGED_WITHIN_MS = 90_000;

export const badRelease: DemoStep = {
  id: 'bad-release',
  title: 'A change that makes an upstream fail is rolled back by itself, announced, and reverted in Git',
  async run(context) {
    const { access, feed, copy, say } = context;
    await copy.pull();
    const good = await copy.read(STAGING);
    const before = await provenSnapshot(context);
    const [working, broken] = [access.ports['upstream-content'], access.ports['upstream-content-broken']];
    await copy.edit(STAGING, (text) => text.replace(`:${working}`, `:${broken}`));
    const { commit, startedAt: since } = await copy.push('staging: a release of the content service that fails');
    say(`pushed ${short(commit)}: in staging "content" is now a release that answers 500`);
    const is = { timeoutMs: EVENT_WITHIN_MS, since };
    await feed.until(deployed, (data) => data.commit === commit && data.environment === 'staging', is);
    const verdict = await feed.until(
      trafficJudged,
      (data) => data.commit === commit && data.environment === 'staging',
      {
        ...is,
        timeoutMs: JUDGED_WITHIN_MS,
      },
    );
    assertDemo(verdict.data.outcome === 'regressed', `the traffic was judged ${verdict.data.outcome}, not regressed`);
    for (const { message } of verdict.data.evidence.slice(0, 3)) say(`evidence: ${message}`);
    const back = await feed.until(
      rolledBack,
      (data) => data.environment === 'staging' && data.from.commit === commit,
      is,
    );
    assertDemo(back.data.to.snapshot === before, 'staging was not rolled back to what ran before');
    say(
      `rolled back to ${short(back.data.to.commit)} ${Date.parse(back.data.reportedAt) - since} ms after the push began`,
    );
    const incident = await feed.until(incidentOpened, (data) => data.environment === 'staging', is);
    say(`incident: ${incident.data.title}`);
    await assertNotified(context, incident.data.incident);
    const revert = await feed.until(revertCommitted, (data) => data.reverted === commit, is);
    const head = await copy.remoteHead();
    assertDemo(
      head === revert.data.commit,
      `main is at ${short(head)}, not at the revert ${short(revert.data.commit)}`,
    );
    await copy.pull();
    assertDemo((await copy.read(STAGING)) === good, `${STAGING} does not read as it did before`);
    say(`Git: main is at ${short(head)}, which takes ${short(commit)} back`);
    await feed.until(pinLifted, (data) => data.environment === 'staging', is);
    await feed.until(incidentResolved, (data) => data.incident === incident.data.incident, is);
    await assertServesAgain(context);
  },
};

/** What runs in staging, once it may be gone back to: judged, or live for as long as a judgement takes. */
async function provenSnapshot({ access, feed, say }: DemoContext): Promise<string> {
  say('waiting until what runs in staging has proven itself by its traffic');
  let snapshot = '';
  await untilTrue(async () => {
    const staging = (await access.console.environments()).find(({ name }) => name === 'staging');
    assertDemo(staging?.live != null, 'nothing is live in staging');
    snapshot = staging.live.snapshot;
    if (Date.now() - Date.parse(staging.live.since) > PROVEN_AFTER_MS) return null;
    const judged = feed.seen.some(({ fact }) => isVerdictOn(fact, snapshot));
    return judged ? null : 'the traffic of staging was not judged';
  });
  return snapshot;
}

function isVerdictOn({ type, data }: Fact, snapshot: string): boolean {
  if (type !== trafficJudged.type) return false;
  const verdict = trafficJudged.data.parse(data);
  return verdict.environment === 'staging' && verdict.snapshot === snapshot && verdict.outcome === 'healthy';
}

/** The receiver of notifications got the incident, signed. */
async function assertNotified({ access, say }: DemoContext, incident: string): Promise<void> {
  await untilTrue(async () => {
    const response = await fetch(`${access.urls.notifications}/deliveries`);
    const { items } = (await response.json()) as { items: { signed: boolean; body: unknown }[] };
    const about = items.filter(({ body }) => JSON.stringify(body).includes(incident));
    if (about.length === 0) return `no notification about the incident ${incident} was delivered`;
    return about.some(({ signed }) => signed) ? null : 'the notification was delivered without a valid signature';
  });
  say('the notification was delivered to the webhook, signed');
}

async function assertServesAgain({ traffic, say }: DemoContext): Promise<void> {
  const since = Date.now();
  const staging = traffic['staging']!;
  await untilTrue(async () => (staging.since(since).length >= 20 ? null : 'no calls came through staging'));
  const failed = staging.since(since).filter(({ status }) => status !== 200);
  assertDemo(failed.length === 0, `${failed.length} calls to staging still fail`);
  say('staging answers 200 again');
}

import {
  deployed,
  incidentOpened,
  incidentResolved,
  pinLifted,
  revertCommitted,
  rolledBack,
  trafficJudged,
} from '@gitway/contracts';
import { assertDemo, EVENT_WITHIN_MS, short, untilTrue, type DemoContext, type DemoStep } from '../context.ts';

const STAGING = 'environments/staging.yaml';
const JUDGED_WITHIN_MS = 90_000;

export const badRelease: DemoStep = {
  id: 'bad-release',
  title: 'A change that makes an upstream fail is rolled back by itself, announced, and reverted in Git',
  async run(context) {
    const { access, feed, copy, say } = context;
    await copy.pull();
    const good = await copy.read(STAGING);
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

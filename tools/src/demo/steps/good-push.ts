import { commitValidated, deployed } from '@gitway/contracts';
import { call } from '../../client/traffic.ts';
import {
  assertDemo,
  assertServed,
  EVENT_WITHIN_MS,
  short,
  untilTrue,
  type DemoContext,
  type DemoStep,
} from '../context.ts';

export const COMICS = 'apis/comics/api.yaml';

export const goodPush: DemoStep = {
  id: 'good-push',
  title: 'A good push goes live, in staging at once and in production after its soak',
  async run(context) {
    const since = Date.now();
    const { from, to } = await moveComics(context);
    const { commit, startedAt } = await context.copy.push(`comics: move from ${from} to ${to}`);
    context.say(`pushed ${short(commit)}: the API "comics" moves from ${from} to ${to}`);
    await context.feed.until(commitValidated, (data) => data.commit === commit && data.environment === 'staging', {
      timeoutMs: EVENT_WITHIN_MS,
    });
    const staging = await context.feed.until(
      deployed,
      (data) => data.commit === commit && data.environment === 'staging',
      {
        timeoutMs: EVENT_WITHIN_MS,
      },
    );
    const liveAt = Math.max(...staging.data.gateways.map(({ reportedAt }) => Date.parse(reportedAt)));
    context.say(`live in staging ${liveAt - startedAt} ms after the push began`);
    await assertMoved(context, 'staging', from, to);
    await context.feed.until(deployed, (data) => data.commit === commit && data.environment === 'production', {
      timeoutMs: EVENT_WITHIN_MS,
    });
    await assertMoved(context, 'production', from, to);
    await moveBack(context, from, to);
    assertServed(context, since, 'while the push went live');
  },
};

/** Moves it to another base path, whichever it has now. */
async function moveComics({ copy }: DemoContext): Promise<{ from: string; to: string }> {
  const from = /basePath: (\/\S+)/.exec(await copy.read(COMICS))?.[1];
  assertDemo(from !== undefined, `${COMICS} has no basePath`);
  const to = from === '/comics' ? '/cartoons' : '/comics';
  await copy.edit(COMICS, (text) => text.replace(`basePath: ${from}`, `basePath: ${to}`));
  return { from, to };
}

/** So that the repository reads after the demo as it did before. */
async function moveBack({ copy, feed, say }: DemoContext, from: string, to: string): Promise<void> {
  await copy.edit(COMICS, (text) => text.replace(`basePath: ${to}`, `basePath: ${from}`));
  const { commit } = await copy.push(`comics: move back to ${from}`);
  for (const environment of ['staging', 'production']) {
    await feed.until(deployed, (data) => data.commit === commit && data.environment === environment, {
      timeoutMs: EVENT_WITHIN_MS,
    });
  }
  say(`moved back to ${from}, as it was before`);
}

/** "Deployed" means that the gateway serves it: no waiting for the new path, only for old workers to leave. */
async function assertMoved({ access, say }: DemoContext, environment: string, from: string, to: string): Promise<void> {
  const url = access.urls.gateways[environment]!;
  const answer = await call({ url, path: `${to}/info.0.json` });
  assertDemo(answer.status === 200, `${url}${to}/info.0.json answers ${answer.status}, not 200`);
  await untilTrue(async () => {
    const old = await call({ url, path: `${from}/info.0.json` });
    return old.status === 404 ? null : `${url}${from}/info.0.json answers ${old.status}, not 404`;
  });
  say(`${url}${to}/info.0.json answers 200, ${from} answers 404`);
}

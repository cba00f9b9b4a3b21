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
    assertServed(context, since, 'while the push went live');
  },
};

/** Moves it between two base paths, whichever it has now, so that the demo can be run again and again. */
async function moveComics({ copy }: DemoContext): Promise<{ from: string; to: string }> {
  const from = /basePath: (\/\S+)/.exec(await copy.read(COMICS))?.[1];
  assertDemo(from !== undefined, `${COMICS} has no basePath`);
  const to = from === '/comics' ? '/cartoons' : '/comics';
  await copy.edit(COMICS, (text) => text.replace(`basePath: ${from}`, `basePath: ${to}`));
  return { from, to };
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

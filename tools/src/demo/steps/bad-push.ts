import { commitRejected, commitValidated } from '@gitway/contracts';
import { call } from '../../client/traffic.ts';
import { assertDemo, assertServed, EVENT_WITHIN_MS, short, type DemoStep } from '../context.ts';
import { COMICS } from './good-push.ts';

export const badPush: DemoStep = {
  id: 'bad-push',
  title: 'A bad push is refused with file, line and column; what served keeps serving',
  async run(context) {
    const { access, feed, copy, say } = context;
    const since = Date.now();
    const good = await copy.read(COMICS);
    const basePath = /basePath: (\/\S+)/.exec(good)?.[1] ?? '';
    const line = good.split('\n').findIndex((text) => text.includes('basePath:')) + 1;
    await copy.edit(COMICS, (text) => text.replace('basePath:', 'basPath:'));
    const { commit } = await copy.push('comics: a slip of the pen');
    say(`pushed ${short(commit)}: ${COMICS} says "basPath" in line ${line}`);
    const { data } = await feed.until(commitRejected, (rejected) => rejected.commit === commit, {
      timeoutMs: EVENT_WITHIN_MS,
    });
    const finding = data.findings.find(({ where }) => where.file === COMICS && where.range?.line === line);
    assertDemo(
      finding !== undefined,
      `no finding points at ${COMICS}:${line}; there are: ${JSON.stringify(data.findings)}`,
    );
    const { range } = finding.where;
    say(`refused: ${COMICS}:${range?.line}:${range?.column} ${finding.message}`);
    for (const [environment, url] of Object.entries(access.urls.gateways)) {
      const answer = await call({ url, path: `${basePath}/info.0.json` });
      assertDemo(answer.status === 200, `${environment} answers ${answer.status} on ${basePath}, not 200 as before`);
    }
    await copy.write(COMICS, good);
    const { commit: fix } = await copy.push('comics: mend it');
    await feed.until(commitValidated, (validated) => validated.commit === fix && validated.environment === 'staging', {
      timeoutMs: EVENT_WITHIN_MS,
    });
    assertServed(context, since, 'while the commit was refused');
  },
};

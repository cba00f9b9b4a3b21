import { join } from 'node:path';
import { driftDetected, driftResolved } from '@gitway/contracts';
import { haproxyCommand, serverStates } from '../../client/admin-socket.ts';
import { gatewaySites } from '../../launcher/layout.ts';
import { assertDemo, assertServed, EVENT_WITHIN_MS, untilTrue, type DemoStep } from '../context.ts';

export const drift: DemoStep = {
  id: 'drift',
  title: 'A change by hand in the gateway is noticed and put back',
  async run(context) {
    const { access, feed, say } = context;
    const { environment, gateway } = gatewaySites[0]!;
    const socket = join(access.state.gatewayDirectory(gateway), 'admin.sock');
    const before = (await serverStates(socket)).find(({ weight }) => weight > 0);
    assertDemo(before !== undefined, `${gateway} has no server whose weight could be changed`);
    const { backend, server, weight } = before;
    const byHand = weight + 1;
    const since = Date.now();
    await haproxyCommand(socket, `set server ${backend}/${server} weight ${byHand}`);
    say(`by hand in ${gateway}: weight of ${backend}/${server} from ${weight} to ${byHand}`);
    const { data } = await feed.until(driftDetected, (detected) => detected.gateway === gateway, {
      timeoutMs: EVENT_WITHIN_MS,
      since,
    });
    say(
      `noticed: ${data.fields.map(({ path, desired, live }) => `${path} is ${live}, should be ${desired}`).join('; ')}`,
    );
    const resolved = await feed.until(driftResolved, (fact) => fact.drift === data.drift, {
      timeoutMs: EVENT_WITHIN_MS,
      since,
    });
    assertDemo(resolved.data.how === 'healed', `the drift is ${resolved.data.how}, not healed`);
    await untilTrue(async () => {
      const now = (await serverStates(socket)).find((state) => state.backend === backend && state.server === server);
      return now?.weight === weight
        ? null
        : `the weight of ${backend}/${server} is ${now?.weight}, not ${weight} again`;
    });
    say(`${environment} is healed: the weight is ${weight} again`);
    assertServed(context, since, 'while the gateway was healed');
  },
};

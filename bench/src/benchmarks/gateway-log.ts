import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@gitway/servers';
import type { Benchmark } from '../benchmark.ts';
import { figure } from '../figure.ts';
import { startAgentSite } from '../gateway/agent-site.ts';
import { load } from '../gateway/load.ts';
import { type Profile, profiles, requestsOf, unitsOf } from '../gateway/profiles.ts';
import { startProxy, upstreamConfig } from '../gateway/proxy.ts';

const APIS = 100;
const FOR_MS = 10_000;
const CAUGHT_UP_MS = 60_000;

export const gatewayLog: Benchmark = {
  name: 'gateway-log',
  title: 'Calls as fast as a gateway answers them, until analytics has heard of each',
  figures: ['gateway.log-lines', 'gateway.log-lines.lost'],
  async run({ folder, say }) {
    const port = await freePort();
    const upstream = await startProxy(join(folder, 'u'), port, new Map([['haproxy.cfg', upstreamConfig(port)]]));
    const profile = profiles.find(({ name }) => name === 'key') as Profile;
    const site = await startAgentSite(folder);
    try {
      await site.bring(await site.store(unitsOf(APIS, profile, port)));
      let heard = 0;
      let lost = 0;
      await site.traffic((batch) => {
        heard += batch.calls.length;
        lost += batch.lost;
      });
      say(`${FOR_MS / 1000} s of calls over 64 connections`);
      const began = performance.now();
      const { answers, seconds } = await load({
        port: site.port,
        requests: requestsOf(APIS, profile),
        connections: 64,
        forMs: FOR_MS,
      });
      const deadline = performance.now() + CAUGHT_UP_MS;
      while (heard + lost < answers && performance.now() < deadline) await delay(20);
      const delivered = (performance.now() - began) / 1000;
      const inputs = `${answers.toLocaleString('en')} calls of ${APIS} APIs with key, rate limit and log, as fast as they were answered`;
      return [
        figure({
          id: 'gateway.log-lines',
          value: heard / delivered,
          unit: '/s',
          goal: null,
          better: 'higher',
          inputs,
          note: `answered ${Math.round(answers / seconds).toLocaleString('en')} a second; all heard of ${(delivered - seconds).toFixed(1)} s after the last`,
        }),
        figure({
          id: 'gateway.log-lines.lost',
          value: answers - heard,
          unit: '',
          goal: 0,
          better: 'lower',
          inputs,
          note: `${lost} of them counted as lost by the agent`,
        }),
      ];
    } finally {
      await site.stop();
      await upstream.stop();
    }
  },
};

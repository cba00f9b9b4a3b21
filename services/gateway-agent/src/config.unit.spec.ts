import { describe, expect, it } from '@jest/globals';
import { loadAgentConfig, peersOf } from './config.ts';

const env = {
  GITWAY_NATS_URL: 'nats://127.0.0.1:4222',
  GITWAY_NATS_USER: 'gateway-agent',
  GITWAY_NATS_PASSWORD: 'secret-of-the-agent',
  GITWAY_HTTP_PORT: '8080',
  GITWAY_INTERNAL_TOKEN: 'a-token-of-the-platform-that-is-long',
  GITWAY_ENVIRONMENT: 'production',
  GITWAY_GATEWAY: 'edge-eu',
  GITWAY_HAPROXY_DIR: '/var/lib/gitway',
};

describe('gateways that count together', () => {
  it('are this one and the others', () => {
    const config = loadAgentConfig({ ...env, GITWAY_PEERS: 'edge-eu=10.0.0.1:10000,edge-us=10.0.0.2:10000' });
    expect(peersOf(config)).toEqual({ listen: '10.0.0.1:10000', others: { 'edge-us': '10.0.0.2:10000' } });
    expect(peersOf(loadAgentConfig(env))).toBeNull();
  });

  it('have to list this one, each with an address', () => {
    const config = loadAgentConfig({ ...env, GITWAY_PEERS: 'edge-us=10.0.0.2:10000' });
    expect(() => peersOf(config)).toThrow('does not list this gateway, "edge-eu"');
    expect(() => loadAgentConfig({ ...env, GITWAY_PEERS: 'edge-eu' })).toThrow('GITWAY_PEERS');
  });
});

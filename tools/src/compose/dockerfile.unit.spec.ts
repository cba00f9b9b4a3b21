import { describe, expect, it } from '@jest/globals';
import { platformServices } from '../launcher/layout.ts';
import { users } from './layout.ts';
import { dockerfile } from './testing/compose-file.ts';

const stages = [...dockerfile.matchAll(/^FROM (\S+) AS (\S+)$/gm)].map(([, base, name]) => ({
  base: base!,
  name: name!,
}));

describe('the Dockerfile', () => {
  it('has no syntax line, which would be fetched before anything is built', () => {
    expect(dockerfile).not.toMatch(/^#\s*syntax/im);
  });

  it('stands on Debian', () => {
    const defaults = new Map(
      [...dockerfile.matchAll(/^ARG ([A-Z_]+)=(\S+)$/gm)].map(([, name, image]) => [`\${${name}}`, image!]),
    );
    const names = stages.map(({ name }) => name);
    expect(stages.length).toBeGreaterThan(0);
    expect(dockerfile.match(/^FROM /gm)).toHaveLength(stages.length);
    for (const { base } of stages) {
      if (names.includes(base)) continue;
      expect(defaults.get(base)).toMatch(
        /^(node:20|debian:)[a-z0-9.-]*(bookworm|trixie)-slim$|^debian:(bookworm|trixie)-slim$/,
      );
    }
  });

  it('lets no program run as root', () => {
    const parts = dockerfile.split(/^FROM \S+ AS /m).slice(1);
    for (const part of parts) {
      const name = /^\S+/.exec(part)![0];
      if (name === 'manifests' || name === 'build') continue;
      const last = [...part.matchAll(/^USER (\S+)$/gm)].at(-1)?.[1];
      expect([name, last]).toEqual([name, expect.stringMatching(/^\d{5}:\d{5}$/)]);
    }
  });

  it('gives each folder of data to the user that writes it', () => {
    const owners = Object.fromEntries(
      [...dockerfile.matchAll(/install -d -m 700 -o (\d+) -g \1 (\S+)/g)].map(([, user, folder]) => [
        folder,
        Number(user),
      ]),
    );
    expect(owners).toEqual({
      '/var/lib/gitway/mirrors': users['git-watcher'],
      '/var/lib/gitway/gateway': users['gateway-agent'],
      '/var/lib/gitway/git': users.git,
      '/var/lib/nats': users.nats,
    });
  });

  it('carries every service', () => {
    for (const name of platformServices) expect(dockerfile).toContain(` @gitway/${name}`);
  });
});

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerName } from '../server.ts';
import { firstLine } from './check-installation.ts';
import { preparedApt, WayFailed, type AptContext } from './apt.ts';
import { programs } from './programs.ts';
import { list } from './unpacked.ts';

/**
 * Installs the package with apt, as root. The package's own service is kept from starting, so that no system service
 * appears beside Gitway's private one.
 */
export async function installWithApt(server: ServerName, context: AptContext): Promise<string> {
  const { policyFile = '/usr/sbin/policy-rc.d' } = context;
  const apt = await preparedApt(context);
  const [name = ''] = programs[server].apt;
  const forbidsStart = !existsSync(policyFile);
  if (forbidsStart) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    context.say('install', `installing ${name} with apt-get`);
    const result = await apt.get(['install', '-y', '--no-install-recommends', name]);
    if (result.code !== 0) throw new WayFailed(`apt-get install ${name} failed: ${firstLine(result.stderr)}`);
  } finally {
    if (forbidsStart && readFileSync(policyFile, 'utf8').includes('exit 101')) rmSync(policyFile, { force: true });
  }
  const postgres = list('/usr/lib/postgresql')
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .reverse();
  for (const binary of programs[server].binaries)
    for (const folder of [...postgres, '/usr/bin', '/usr/sbin'])
      if (existsSync(join(folder, binary))) return join(folder, binary);
  throw new WayFailed(`${name} is installed and holds no ${programs[server].binaries[0]}`);
}

import { binaryVariables, urlVariables } from '../config.ts';
import type { Family } from '../platform.ts';
import type { ServerName } from '../server.ts';
import { programs } from './programs.ts';

const natsDownload =
  'download nats-server from https://github.com/nats-io/nats-server/releases into a folder of your PATH';

const commands: Record<Exclude<Family, 'other'>, Record<ServerName, string>> = {
  debian: {
    postgres: 'sudo apt-get install -y postgresql',
    nats: 'sudo apt-get install -y nats-server',
    haproxy: 'sudo apt-get install -y haproxy',
    redis: 'sudo apt-get install -y redis-server',
  },
  fedora: {
    postgres: 'sudo dnf install -y postgresql-server',
    nats: natsDownload,
    haproxy: 'sudo dnf install -y haproxy',
    redis: 'sudo dnf install -y redis',
  },
  alpine: {
    postgres: 'sudo apk add postgresql',
    nats: 'sudo apk add nats-server',
    haproxy: 'sudo apk add haproxy',
    redis: 'sudo apk add redis',
  },
  arch: {
    postgres: 'sudo pacman -S --noconfirm postgresql',
    nats: 'sudo pacman -S --noconfirm nats-server',
    haproxy: 'sudo pacman -S --noconfirm haproxy',
    redis: 'sudo pacman -S --noconfirm valkey',
  },
  suse: {
    postgres: 'sudo zypper install -y postgresql-server',
    nats: 'sudo zypper install -y nats-server',
    haproxy: 'sudo zypper install -y haproxy',
    redis: 'sudo zypper install -y redis',
  },
  macos: {
    postgres: 'brew install postgresql@17',
    nats: 'brew install nats-server',
    haproxy: 'brew install haproxy',
    redis: 'brew install redis',
  },
};

const downloads: Record<ServerName, string> = {
  postgres: 'https://www.postgresql.org/download/',
  nats: 'https://github.com/nats-io/nats-server/releases',
  haproxy: 'https://www.haproxy.org/#down',
  redis: 'https://redis.io/downloads/',
};

/** What a person is told when a server cannot be found: what to install, the exact command, and the variable instead. */
export function installAdvice(server: ServerName, platform: { family: Family; root: boolean }): string {
  const { title, binaries, minimum } = programs[server];
  const needed = `${title} ${minimum.join('.')} or newer is needed and was not found.`;
  const instead = insteadOf(server);
  if (platform.family === 'other')
    return `${needed} Install it from ${downloads[server]} so that ${binaries[0]} is on the PATH${instead}`;
  const command = commands[platform.family][server];
  if (command === natsDownload) return `${needed} Install it: ${command}${instead}`;
  return `${needed} Install it: ${platform.root ? command.replace(/^sudo /, '') : command}${instead}`;
}

function insteadOf(server: ServerName): string {
  const url = urlVariables[server];
  if (url !== undefined) return `\nOr name a running one in ${url}.`;
  return `\nOr name its program in ${binaryVariables[server]}.`;
}

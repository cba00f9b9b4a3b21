import { readFileSync } from 'node:fs';
import { toolPath } from './config.ts';
import { findOnPath } from './run.ts';

export type Family = 'debian' | 'fedora' | 'alpine' | 'arch' | 'suse' | 'macos' | 'other';

/** What is known of this machine when a way to a server is chosen. */
export interface Platform {
  readonly family: Family;
  /** `debian-12-x64`: names cached downloads. */
  readonly id: string;
  readonly root: boolean;
  readonly apt: boolean;
  readonly homebrew: boolean;
}

/** Which family a Linux is of, by ID and ID_LIKE of os-release(5). */
export function linuxFamily(osRelease: string): { family: Family; id: string } {
  const field = (name: string) =>
    new RegExp(`^${name}=(.*)$`, 'm')
      .exec(osRelease)?.[1]
      ?.replace(/^["']|["']$/g, '')
      .trim() ?? '';
  const words = [field('ID'), ...field('ID_LIKE').split(/\s+/)];
  const families: [Family, string[]][] = [
    ['debian', ['debian', 'ubuntu']],
    ['fedora', ['fedora', 'rhel', 'centos']],
    ['alpine', ['alpine']],
    ['arch', ['arch']],
    ['suse', ['suse', 'opensuse']],
  ];
  const family = families.find(([, names]) => words.some((word) => names.includes(word)))?.[0] ?? 'other';
  const id = [field('ID') || 'linux', field('VERSION_ID')].filter((part) => part !== '').join('-');
  return { family, id: id.replace(/[^\w.-]/g, '_') };
}

export function detectPlatform(): Platform {
  const tools = toolPath();
  const root = process.getuid?.() === 0;
  if (process.platform === 'darwin')
    return {
      family: 'macos',
      id: `macos-${process.arch}`,
      root,
      apt: false,
      homebrew: findOnPath('brew', tools) !== null,
    };
  if (process.platform !== 'linux')
    return { family: 'other', id: `${process.platform}-${process.arch}`, root, apt: false, homebrew: false };
  const { family, id } = linuxFamily(readOsRelease());
  const apt = family === 'debian' && findOnPath('apt-get', tools) !== null && findOnPath('dpkg', tools) !== null;
  return { family, id: `${id}-${process.arch}`, root, apt, homebrew: false };
}

function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

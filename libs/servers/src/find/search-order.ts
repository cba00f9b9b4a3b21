import type { Platform } from '../platform.ts';
import type { ServerName } from '../server.ts';

export type Way = 'given' | 'path' | 'npm' | 'apt-unpack' | 'apt-install' | 'homebrew';

/** The ways to a server on this machine, in the order in which they are tried. */
export function searchOrder(server: ServerName, platform: Pick<Platform, 'apt' | 'root' | 'homebrew'>): Way[] {
  const order: Way[] = ['given', 'path'];
  if (server === 'postgres') order.push('npm');
  if (platform.apt) order.push('apt-unpack');
  if (platform.apt && platform.root) order.push('apt-install');
  if (platform.homebrew) order.push('homebrew');
  return order;
}

/** Four numbers of an IPv4 address in dotted form; undefined for anything else. */
function ipv4(host: string): readonly number[] | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return undefined;
  const parts = host.split('.').map(Number);
  return parts.every((part) => part <= 255) ? parts : undefined;
}

const isIpv6 = (host: string) => /^[0-9a-f:.]+$/i.test(host) && host.includes(':');
/** The IPv4 address inside `::ffff:10.0.0.1` or `::ffff:a00:1`, else the host itself. */
function unmapped(host: string): string {
  const bare = host.toLowerCase().replace(/^\[|\]$/g, '');
  const tail = /^::ffff:(.+)$/.exec(bare)?.[1];
  if (tail === undefined) return bare;
  const words = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(tail);
  if (words === null) return tail;
  const [high, low] = [Number.parseInt(words[1]!, 16), Number.parseInt(words[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

export function isIp(host: string): boolean {
  const bare = unmapped(host);
  return ipv4(bare) !== undefined || isIpv6(bare);
}

/** 127.0.0.0/8, ::1, the unspecified addresses, `localhost` and names under it (RFC 1122, RFC 6761). */
export function isLoopback(host: string): boolean {
  const bare = unmapped(host).replace(/\.$/, '');
  const parts = ipv4(bare);
  if (parts !== undefined) return parts[0] === 127 || parts.every((part) => part === 0);
  if (isIpv6(bare)) return /^[0:]*:0*1$/.test(bare) || /^[0:]+$/.test(bare);
  return bare === 'localhost' || bare.endsWith('.localhost');
}

/** 169.254.0.0/16 and fe80::/10 (RFC 3927, RFC 4291): where clouds keep their metadata services. */
export function isLinkLocal(host: string): boolean {
  const bare = unmapped(host);
  const parts = ipv4(bare);
  if (parts !== undefined) return parts[0] === 169 && parts[1] === 254;
  return isIpv6(bare) && /^fe[89ab]/.test(bare);
}

/** 10/8, 172.16/12, 192.168/16, 100.64/10 and fc00::/7 (RFC 1918, RFC 6598, RFC 4193). Names are never private. */
export function isPrivate(host: string): boolean {
  const bare = unmapped(host);
  const parts = ipv4(bare);
  if (parts === undefined) return isIpv6(bare) && /^f[cd]/.test(bare);
  const [a, b] = parts as [number, number];
  return (
    a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b <= 127)
  );
}

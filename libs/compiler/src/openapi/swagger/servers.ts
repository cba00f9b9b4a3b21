import type { Conversion, Node } from './conversion.ts';

const known = new Set(['http', 'https', 'ws', 'wss']);

/** `host`, `basePath` and these schemes as servers. Without a scheme it is the one that the document was had by. */
export function serversOf(to: Conversion, schemes: Node | undefined): unknown {
  const host = to.root.child('host');
  const basePath = to.root.child('basePath');
  const path = typeof basePath?.value === 'string' ? basePath.value : '';
  if (typeof host?.value !== 'string' || host.value === '')
    return path === '' ? undefined : [to.make(basePath!, [['url', path]])];
  const address = `${host.value}${path.replace(/\/$/, '')}`;
  const named = (schemes?.items() ?? []).filter(({ value }) => typeof value === 'string' && known.has(value));
  if (named.length === 0) return [to.make(host, [['url', `//${address}`]])];
  return named.slice(0, known.size).map((scheme) => to.make(scheme, [['url', `${String(scheme.value)}://${address}`]]));
}

import type { Block } from '@gitway/contracts';
import { denial } from './answers.ts';
import type { MapEntry, Policy } from './policy.ts';
import { mapNamed, request } from './rule.ts';
import { safe } from './syntax.ts';

/**
 * Who and what is refused from now on until an instant. The rules are always there, so that a block is an entry of a
 * map; without any block they cost one look into an empty map. HAProxy compares the instant itself, whether or not
 * somebody takes the entry away when it has come.
 */
export const BLOCK_MAPS = ['blocks', 'blocked-addresses', 'blocked-consumers', 'blocked-keys', 'blocked-paths'];

const answer = denial({ status: 403, slug: 'blocked', title: 'Calls like this one are blocked for now.' });

/** Entries that say which kinds of block there are, and each until when, in seconds. */
export function blockEntries(blocks: readonly Block[]): MapEntry[] {
  const found = new Map<string, Map<string, number>>();
  for (const block of blocks) {
    const [map, key] = placeOf(block);
    const until = Math.ceil(Date.parse(block.until) / 1000);
    const entries = found.get(map) ?? new Map<string, number>();
    entries.set(key, Math.max(until, entries.get(key) ?? 0));
    found.set(map, entries);
  }
  const entries = [...found].flatMap(([map, keys]) =>
    [...keys].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, until]) => ({ map, key, value: String(until) })),
  );
  const active = [...found.keys()].map(kindOf).sort().join(',');
  return active === '' ? [] : [{ map: 'blocks', key: 'active', value: active }, ...entries];
}

function placeOf(block: Block): [map: string, key: string] {
  switch (block.kind) {
    case 'address':
      return ['blocked-addresses', safe('network', block.address)];
    case 'consumer':
      return ['blocked-consumers', safe('name', block.consumer)];
    case 'key':
      return ['blocked-keys', safe('keyHash', block.hash)];
    case 'path':
      return ['blocked-paths', `${safe('basePath', block.path)}/`];
  }
}

const kindOf = (map: string) => map.slice('blocked-'.length);
const active = (map: string) => `{ var(txn.blocks) -m sub ${kindOf(map)} }`;
const still = (map: string, key: string, look: string) =>
  `${active(map)} { ${key},${look}(${mapNamed(map)}),sub(txn.second) gt 0 }`;

/** At the beginning of every request. */
export const blockRules = (): string[] => [
  `    http-request set-var(txn.blocks) str(active),map_str(${mapNamed('blocks')})`,
  '    http-request set-var(txn.second) date if { var(txn.blocks) -m found }',
  `    http-request ${answer} if ${still('blocked-addresses', 'src', 'map_ip_int')}`,
];

/** Once the path is known in its normal form. */
export const blockedPathRules = (): string[] => [
  `    http-request ${answer} if ${still('blocked-paths', 'var(txn.path),concat(/)', 'map_beg_int')}`,
  `    http-request ${answer} if odd ${still('blocked-paths', 'var(txn.plain),concat(/)', 'map_beg_int')}`,
];

/** Once it is known who calls. */
export const blocks: Policy = {
  capabilities: [],
  contribute: ({ groups }) => {
    if (groups.every(({ policy }) => policy.auth.kind === 'none')) return {};
    return {
      rules: [
        request('entitle', answer, still('blocked-consumers', 'var(txn.consumer)', 'map_str_int')),
        request('entitle', answer, still('blocked-keys', 'var(txn.key),sha2(256),hex,lower', 'map_str_int')),
      ],
    };
  },
};

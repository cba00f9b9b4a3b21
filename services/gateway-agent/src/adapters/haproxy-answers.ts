import type { LiveServer } from '../domain/drift.ts';

/** Readers of what HAProxy's sockets answer (management guide, section 9.3). */

/** `show servers state`, version 1. */
export function parseServers(text: string): LiveServer[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && line !== '1')
    .flatMap((line) => {
      const words = line.split(' ');
      const [, backend, , server, address, , adminState, weight] = words;
      if (backend === undefined || server === undefined || address === undefined || weight === undefined) return [];
      const admin = Number(adminState);
      return [
        {
          backend,
          server,
          address,
          port: Number(words[18]),
          weight: Number(weight),
          // Bit 0: forced to maintenance; bit 3: forced to drain. The others follow from configuration or DNS.
          admin: (admin & 0x01) !== 0 ? 'maint' : (admin & 0x08) !== 0 ? 'drain' : 'ready',
        } as const,
      ];
    });
}

/** A worker, and the mark of the file that it was loaded with. */
export interface Identity {
  readonly worker: number;
  readonly mark: string;
  /** Log lines that it could not write. */
  readonly droppedLogs: number;
}

/** `show info`. */
export function parseIdentity(text: string): Identity | null {
  const worker = /^Pid: (\d+)$/m.exec(text)?.[1];
  const mark = /^Description: .* ([0-9a-f]{16})$/im.exec(text)?.[1];
  const droppedLogs = Number(/^DroppedLogs: (\d+)$/m.exec(text)?.[1] ?? 0);
  return worker === undefined ? null : { worker: Number(worker), mark: mark ?? '', droppedLogs };
}

/** `show map <file>`: one `<reference> <key> <value>` each. */
export function parseMap(text: string): [string, string][] {
  return text.split('\n').flatMap((line) => {
    const [, key, value] = /^0x[0-9a-f]+ (\S+) ?(.*)$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as [string, string]];
  });
}

/** `show stat` of frontends: name → status. */
export function parseFrontends(text: string): Map<string, string> {
  const [head, ...rows] = text.split('\n').filter((line) => line !== '');
  const status = (head ?? '').split(',').indexOf('status');
  return new Map(rows.map((row) => row.split(',')).map((cells) => [cells[0] ?? '', cells[status] ?? '']));
}

/** The master's `show proc`. */
export function parseProcesses(text: string): { failedReloads: number; worker: number | null } {
  const current = text.split('# old workers')[0] ?? '';
  const worker = /^(\d+)\s+worker\s/m.exec(current)?.[1];
  return {
    failedReloads: Number(/\[failed: (\d+)\]/.exec(text)?.[1] ?? 0),
    worker: worker === undefined ? null : Number(worker),
  };
}

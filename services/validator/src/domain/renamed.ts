import { takesOver } from '@gitway/compiler';
import type { ApiEntry } from '@gitway/contracts';

/** One operation under the names that it had and has; '' of an API: calls that no operation explains. */
export interface Renamed {
  readonly from_api: string;
  readonly from_operation: string;
  readonly to_api: string;
  readonly to_operation: string;
}

/** Operations that answer the same calls under other names: their API's, or their own. */
export function renamedBetween(left: readonly ApiEntry[], joined: readonly ApiEntry[]): Renamed[] {
  const byName = new Map(joined.map((entry) => [entry.name, entry]));
  const before = new Set(left.map(({ name }) => name));
  const added = joined.filter(({ name }) => !before.has(name));
  return left.flatMap((old) => {
    const now = byName.get(old.name) ?? added.find((entry) => takesOver(entry.exposure, old.exposure));
    if (now === undefined) return [];
    const ids = new Map(now.operations.map(({ id, method, path }) => [callOf(method, path), id]));
    const from = [{ id: '', to: '' }].concat(
      old.operations.map(({ id, method, path }) => ({ id, to: ids.get(callOf(method, path)) ?? id })),
    );
    return from.flatMap(({ id, to }) =>
      old.name === now.name && id === to
        ? []
        : [{ from_api: old.name, from_operation: id, to_api: now.name, to_operation: to }],
    );
  });
}

/** A parameter of a path is called what it is called: callers do not see its name. */
const callOf = (method: string, path: string) => `${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;

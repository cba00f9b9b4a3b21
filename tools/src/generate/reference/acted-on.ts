import { platformCapabilities } from '@gitway/compiler';
import type { Kind } from '@gitway/resources';

/** What the page says of a field, or of a kind (no path), that the platform checks and does not act on yet. */
export function notActedOn(kind: Kind, path?: string): string | undefined {
  const told = platformCapabilities.flatMap(({ kind: unit, field, instead }) => {
    const [at = '', value] = field.split('=');
    const written = at === '' ? undefined : `spec.${at}`;
    if (unit !== kind.toLowerCase() || written !== path) return [];
    return [`${value === undefined ? 'Not' : `\`${value}\` is not`} acted on yet. ${instead}`];
  });
  return told.length === 0 ? undefined : told.join(' ');
}

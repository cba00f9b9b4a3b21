import type { Location } from '@gitway/contracts';
import type { Path } from '@gitway/resources';
import type { FilledIn } from './fill-in.ts';

/** Where the fields of a unit were written. */
export interface UnitSource {
  /** @param field as in the unit, `policy.rateLimits[0].requests`; null: the resource as a whole */
  placeOf(field: string | null): Location;
}

/** @param placeOfPolicy for an API, whose policy may stand in other resources */
export function unitSource(filled: FilledIn, placeOfPolicy?: (path: Path) => Location): UnitSource {
  return {
    placeOf(field) {
      if (field === null) return filled.placeOf(['spec']);
      const path = fieldOf(field);
      if (placeOfPolicy !== undefined && path[1] === 'policy' && path.length > 2) return placeOfPolicy(path.slice(2));
      return filled.placeOf(path);
    },
  };
}

const settingsOf: Readonly<Record<string, string>> = {
  header: 'apiKey.header',
  query: 'apiKey.query',
  bearer: 'apiKey.bearer',
};

/** Where a resource says what a field of its unit says. */
export function fieldOf(field: string): Path {
  const authored = field
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .replace(/^pools\b/, 'upstream.pools')
    .replace(/\.(host|port|scheme)$/, '.url')
    .replace(/\.windowMs$/, '.per')
    .replace(/\btimeouts\b/, 'timeout')
    .replace(/\bguardPercent$/, 'guard')
    .replace(/(Ms|Bytes)$/, '')
    .replace(/^keyHashes/, 'credentials.apiKeys')
    .replace(/^keyExpiries.*/, 'credentials.apiKeys')
    .replace(/^(jwt|mtls|basic)\b/, 'credentials.$1')
    .replace(/^planOperations\b.*/, 'plans')
    .replace(/policy\.auth\.kind$/, 'policy.auth.anyOf')
    .replace(/policy\.auth\.(header|query|bearer)$/, (_, name: string) => `policy.auth.${settingsOf[name]!}`);
  if (authored === 'name') return ['metadata', 'name'];
  return ['spec', ...authored.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))];
}

import { type ApiUnit, type ConsumersUnit, type PlanUnit } from '@gitway/contracts';
import { FragmentCache, type Provided, type RenderContext, type Rendered, type SnapshotUnit } from '../driver.ts';
import { renderApi } from './api-fragment.ts';
import { assemble } from './assemble.ts';
import { type Image, noPlacement, type Placement } from './change/image.ts';
import { boundListeners, gatewayUnit, routedListeners } from './listeners.ts';
import { mapText } from './map-file.ts';
import { needs } from './needs.ts';
import { userLine } from './policies/auth/basic.ts';
import { renderConsumers } from './policies/auth/credentials.ts';
import { shortDigest } from './scope.ts';
import { type WrittenApi, written } from './written.ts';

/** A rendering that the agent can compare with what runs. */
export interface HaproxyRendered extends Rendered {
  readonly image: Image;
  /** Short digest of the main file, which HAProxy shows in its description: says with which file a process was loaded. */
  readonly mark: string;
  /** The same units with backends under other names, to be reached without a reload. */
  placed(placement: Placement): HaproxyRendered;
  /** The main file with only these backends (by own name), to have them checked without everything else. */
  excerpt(backends: ReadonlySet<string>): string;
}

export function render(units: readonly SnapshotUnit[], context: RenderContext): HaproxyRendered {
  const cache = context.cache ?? new FragmentCache();
  const apis = apiFragments(units, context, cache);
  const consumers = units
    .filter(({ unit }) => unit.kind === 'consumers')
    .map(({ digest, unit }) => cache.get(`consumers/${digest}`, () => mapText(renderConsumers(unit as ConsumersUnit))));
  const listeners = boundListeners(units, context, cache);
  cache.endRender();
  const parts = {
    context,
    apis,
    consumers,
    users: usersOf(units),
    listeners,
    perListener: routedListeners(units, context.gateway) !== null,
    trustedProxies: gatewayUnit(units, context.gateway)?.trustedProxies ?? [],
  };
  return assemble(parts, noPlacement);
}

/** What passwords are compared with, as lines of a list of users. */
function usersOf(units: readonly SnapshotUnit[]): string[] {
  const users = units.flatMap(({ unit }) =>
    unit.kind === 'consumers' ? unit.consumers.flatMap(({ basic }) => Object.entries(basic ?? {})) : [],
  );
  return users.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(userLine);
}

/** What a unit is given, shortly: only those that use what has changed are made anew. */
function providedFor(stored: SnapshotUnit, { secrets, keySets }: Provided): string {
  const asked = needs([stored], '');
  if (asked.secrets.length === 0 && asked.keySets.length === 0) return '-';
  return shortDigest({
    secrets: asked.secrets.map((name) => secrets.get(name) ?? null),
    keySets: asked.keySets.map((uri) =>
      (keySets.get(uri) ?? []).map(({ id, algorithm, key }) => [
        id,
        algorithm,
        'pem' in key ? key.pem : Buffer.from(key.secret).toString('base64url'),
      ]),
    ),
  });
}

function apiFragments(units: readonly SnapshotUnit[], context: RenderContext, cache: FragmentCache): WrittenApi[] {
  const plans = new Map<string, PlanUnit>();
  const planDigests = new Map<string, string>();
  for (const { digest, unit } of units) {
    if (unit.kind !== 'plan') continue;
    plans.set(unit.name, unit);
    planDigests.set(unit.name, digest);
  }
  const provided = context.provided;
  const peers = Object.keys(context.peers?.others ?? {}).sort();
  const listeners = routedListeners(units, context.gateway);
  return units
    .filter(({ unit }) => unit.kind === 'api')
    .map(({ digest, unit }) => {
      const api = unit as ApiUnit;
      const made = [
        digest,
        providedFor({ digest, unit }, provided),
        peers.join(),
        listeners?.join() ?? '-',
        ...api.plans.map((plan) => planDigests.get(plan) ?? '-'),
      ].join('/');
      return cache.get(`api/${made}`, () =>
        written(renderApi(api, plans, provided, peers, listeners, shortDigest(made, 12))),
      );
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

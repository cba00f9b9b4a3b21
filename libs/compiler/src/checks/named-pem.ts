import type { Location } from '@gitway/contracts';
import type { ApiResource, GatewayResource } from '@gitway/resources';
import type { CompiledApi } from '../environment/compile-api.ts';
import type { FilledIn } from '../environment/fill-in.ts';
import { authFiles } from '../environment/policy/lower-auth.ts';
import { mergeLayers } from '../environment/policy/merge-layers.ts';
import { originOf, placeOfPolicy } from '../environment/policy/policy-layers.ts';
import type { PemFiles } from '../pem-files.ts';

/** A PEM file and the field that names it. */
export interface NamedPem {
  /** A server shows the first certificate of a chain; of authorities each stands for itself. */
  readonly use: 'chain' | 'authorities' | 'keys';
  readonly where: Location;
  readonly path: string;
  readonly oid: string;
  readonly blocks: readonly string[];
}

type ListenerSpec = GatewayResource['spec']['listeners'][number];

/** The chains of a listener, by the numbers of its certificates; what is a secret, or cannot be read, is left out. */
export function chainsOf(gateway: FilledIn, listener: ListenerSpec, index: number, pems: PemFiles): NamedPem[] {
  return (listener.tls?.certificates ?? []).flatMap(({ certificate }, number) => {
    if (certificate === undefined) return [];
    const reading = pems.read(gateway.resource.file.path, certificate);
    if ('rule' in reading) return [];
    const where = gateway.placeOf(['spec', 'listeners', index, 'tls', 'certificates', number, 'certificate']);
    return [{ use: 'chain' as const, where, ...reading }];
  });
}

/** By the API as compiled, which is made anew when any PEM file changes. */
const known = new WeakMap<CompiledApi, readonly NamedPem[]>();

/** What an API's upstreams and its policy name. */
export function pemsOfApi(api: CompiledApi, pems: PemFiles): readonly NamedPem[] {
  let found = known.get(api);
  if (found === undefined) known.set(api, (found = [...ofUpstreams(api, pems), ...ofPolicy(api, pems)]));
  return found;
}

function ofUpstreams({ filled }: CompiledApi, pems: PemFiles): NamedPem[] {
  const { pools } = (filled.spec as ApiResource['spec']).upstream;
  return pools.flatMap(({ tls }, pool) =>
    (tls?.ca ?? []).flatMap((file, number) => {
      const reading = pems.read(filled.resource.file.path, file);
      if ('rule' in reading) return [];
      const where = filled.placeOf(['spec', 'upstream', 'pools', pool, 'tls', 'ca', number]);
      return [{ use: 'authorities' as const, where, ...reading }];
    }),
  );
}

function ofPolicy({ filled, layers }: CompiledApi, pems: PemFiles): NamedPem[] {
  if (!layers.some(({ policy: { auth } }) => auth?.jwt?.keys !== undefined || auth?.mtls !== undefined)) return [];
  const { auth } = mergeLayers(layers.map(({ policy }) => policy));
  const origin = originOf(layers, 'auth');
  if (auth === undefined || origin === undefined) return [];
  return authFiles(auth).flatMap(({ path, file }) => {
    const reading = pems.read(origin.layer.filled.resource.file.path, file);
    if ('rule' in reading) return [];
    const use = path[0] === 'jwt' ? ('keys' as const) : ('authorities' as const);
    return [{ use, where: placeOfPolicy(layers, filled, ['auth', ...path]), ...reading }];
  });
}

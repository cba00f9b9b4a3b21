import type { ApiResource, ConsumerResource, EnvironmentResource, Kind, Path, PlanResource } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import type { ResourceIndex } from '../resource-index.ts';

/** One resource names another. */
export interface Reference {
  readonly from: Located;
  readonly path: Path;
  readonly kind: Kind;
  readonly name: string;
}

/** Every name by which a resource of the workspace refers to another, and what patches would have one name. */
export function* referencesIn(index: ResourceIndex): Generator<Reference> {
  for (const from of index.every('Api')) {
    const { policies = [], plans = [] } = from.resource.value.spec as ApiResource['spec'];
    yield* list(from, ['spec', 'policies'], 'Policy', policies);
    yield* list(from, ['spec', 'plans'], 'Plan', plans);
  }
  for (const from of index.every('Plan')) {
    const { apis } = from.resource.value.spec as PlanResource['spec'];
    yield* list(from, ['spec', 'apis', 'names'], 'Api', apis?.names ?? []);
  }
  for (const from of index.every('Consumer')) {
    const { plans = [] } = from.resource.value.spec as ConsumerResource['spec'];
    yield* list(from, ['spec', 'plans'], 'Plan', plans);
  }
  for (const from of index.every('Environment')) {
    const spec = from.resource.value.spec as EnvironmentResource['spec'];
    yield* list(from, ['spec', 'gateways'], 'Gateway', spec.gateways);
    if (spec.promoteFrom !== undefined) {
      yield { from, path: ['spec', 'promoteFrom'], kind: 'Environment', name: spec.promoteFrom };
    }
    for (const [number, { target, merge }] of (spec.patches ?? []).entries()) {
      const path = ['spec', 'patches', number];
      if (target.name !== undefined) {
        yield { from, path: [...path, 'target', 'name'], kind: target.kind, name: target.name };
      }
      yield* list(from, [...path, 'merge', 'spec', 'policies'], 'Policy', namesIn(merge.spec['policies']));
      yield* list(from, [...path, 'merge', 'spec', 'plans'], 'Plan', namesIn(merge.spec['plans']));
      const apis = merge.spec['apis'];
      if (typeof apis === 'object' && apis !== null && 'names' in apis) {
        yield* list(from, [...path, 'merge', 'spec', 'apis', 'names'], 'Api', namesIn(apis.names));
      }
    }
  }
}

function* list(from: Located, path: Path, kind: Kind, names: readonly string[]): Generator<Reference> {
  for (const [number, name] of names.entries()) yield { from, path: [...path, number], kind, name };
}

const namesIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? item : '')) : [];

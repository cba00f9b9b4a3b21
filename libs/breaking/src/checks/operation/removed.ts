import { operationsOf, type Operation } from '../../document/operations.ts';
import { objectMember, show } from '../../document/json.ts';
import { keyOf } from '../../compare/operation-key.ts';
import type { Comparison, DocumentCheck, Fact } from '../../compare/operation-check.ts';
import { isDeprecated, isUnpromised, sunsetOf } from '../lifecycle-words.ts';

export const removedOperations: DocumentCheck = {
  ids: [
    'api-path-removed-without-deprecation',
    'api-path-removed-with-deprecation',
    'api-path-removed-before-sunset',
    'api-removed-without-deprecation',
    'api-removed-with-deprecation',
    'api-removed-before-sunset',
    'api-path-sunset-parse',
  ],
  check(comparison, report) {
    const { base, revision } = comparison;
    for (const [shape, item] of base.paths) {
      const left = revision.paths.get(shape);
      for (const operation of operationsOf(item)) {
        const kept = left !== undefined && objectMember(left.item.value, operation.method) !== undefined;
        if (!kept && !isUnpromised(operation.operation.value)) {
          report(removal(operation, left === undefined ? 'api-path-removed' : 'api-removed', comparison));
        }
      }
    }
  },
};

function removal(operation: Operation, id: string, { options }: Comparison): Fact {
  const key = keyOf(operation);
  const name = `${key.method} ${key.path}`;
  const { value, pointer } = operation.operation;
  const fact = { operation: key, document: 'base', pointer } as const;
  if (!isDeprecated(value)) {
    return {
      ...fact,
      id: `${id}-without-deprecation`,
      message: `${name} is gone and was never marked as deprecated`,
      hint: 'keep it with `deprecated: true` and an `x-sunset` date until its callers have left',
    };
  }
  const sunset = sunsetOf(value);
  if (sunset === 'invalid') {
    return { ...fact, id: 'api-path-sunset-parse', message: `${name} is gone and its \`x-sunset\` is no date` };
  }
  if (sunset !== null && options.today !== undefined && options.today < sunset) {
    return { ...fact, id: `${id}-before-sunset`, message: `${name} is gone before its sunset on ${show(sunset)}` };
  }
  return { ...fact, id: `${id}-with-deprecation`, message: `${name} is gone, as its deprecation announced` };
}

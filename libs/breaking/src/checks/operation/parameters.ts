import { member, show } from '../../document/json.ts';
import { nameOf, parametersOf, schemaOf, type Parameter } from '../../document/operations.ts';
import type { OperationCheck } from '../../compare/operation-check.ts';
import { isDeprecated, sunsetOf } from '../lifecycle-words.ts';

export const parameters: OperationCheck = {
  ids: [
    'new-request-path-parameter',
    'new-required-request-parameter',
    'new-required-request-default-parameter-to-existing-path',
    'request-parameter-became-required',
    'request-parameter-removed',
    'request-parameter-removed-with-deprecation',
    'request-parameter-removed-before-sunset',
  ],
  check(pair) {
    const before = parametersOf(pair.before, pair.base.resolver);
    const after = parametersOf(pair.after, pair.revision.resolver);
    for (const [key, parameter] of after) {
      const old = before.get(key);
      const name = `The ${nameOf(parameter)}`;
      const at = { document: 'revision', pointer: parameter.at.pointer } as const;
      const required = isRequired(parameter);
      if (old === undefined) {
        if (parameter.in === 'path') {
          pair.report({ ...at, id: 'new-request-path-parameter', message: `${name} is new in the path` });
        } else if (required) {
          pair.report({
            ...at,
            id: parameter.shared
              ? 'new-required-request-default-parameter-to-existing-path'
              : 'new-required-request-parameter',
            message: `${name} is new and must be given: requests of before are refused`,
            hint: 'make it optional with a default',
          });
        }
        continue;
      }
      if (required && !isRequired(old)) {
        pair.report({
          ...at,
          id: 'request-parameter-became-required',
          message: `${name} must be given now: requests without it are refused`,
          hint: 'leave it optional with a default',
        });
      }
      pair.compareSchemas(
        { base: schemaOf(old.at, pair.base.resolver), revision: schemaOf(parameter.at, pair.revision.resolver) },
        { direction: 'request', place: 'parameter', typed: false, name, within: `of the ${nameOf(parameter)}` },
      );
    }
    for (const [key, parameter] of before) {
      if (!after.has(key)) reportRemoval(pair, parameter);
    }
  },
};

function reportRemoval(pair: Parameters<OperationCheck['check']>[0], parameter: Parameter): void {
  const name = `The ${nameOf(parameter)}`;
  const at = { document: 'base', pointer: parameter.at.pointer } as const;
  const sunset = sunsetOf(parameter.at.value);
  if (!isDeprecated(parameter.at.value)) {
    pair.report({ ...at, id: 'request-parameter-removed', message: `${name} is no longer taken` });
  } else if (
    sunset !== null &&
    sunset !== 'invalid' &&
    pair.options.today !== undefined &&
    pair.options.today < sunset
  ) {
    pair.report({
      ...at,
      id: 'request-parameter-removed-before-sunset',
      message: `${name} is gone before its sunset on ${show(sunset)}`,
    });
  } else if (sunset !== 'invalid') {
    pair.report({
      ...at,
      id: 'request-parameter-removed-with-deprecation',
      message: `${name} is gone, as its deprecation announced`,
    });
  }
}

const isRequired = (parameter: Parameter) => member(parameter.at.value, 'required') === true;

import { listMember, member, objectMember, show } from '../../document/json.ts';
import type { Located } from '../../document/resolver.ts';
import { isRequest, type SchemaCheck, type SchemaPair } from '../../compare/schema-check.ts';

export const removedProperties: SchemaCheck = {
  ids: ['request-property-removed', 'response-required-property-removed', 'response-optional-property-removed'],
  check(pair, report) {
    if (pair.place === 'parameter' || pair.place === 'parameter-property' || pair.place === 'header') return;
    const before = objectMember(pair.base.value, 'properties');
    if (before === undefined) return;
    const after = objectMember(pair.revision.value, 'properties');
    for (const name of Object.keys(before)) {
      if (after !== undefined && Object.hasOwn(after, name)) continue;
      const property = pair.baseResolver.schema(pair.base, 'properties', name);
      if (property === undefined) continue;
      const common = { property: name, gone: true, at: ['properties', name] };
      if (isRequest(pair)) {
        if (member(property.value, 'readOnly') === true) continue;
        report({ ...common, id: 'request-property-removed', says: 'is no longer taken' });
      } else if (member(property.value, 'writeOnly') !== true) {
        report(
          requires(pair.base, name)
            ? {
                ...common,
                id: 'response-required-property-removed',
                says: 'was always there and is gone',
                hint: 'deprecate the property and keep it until nobody reads it',
              }
            : { ...common, id: 'response-optional-property-removed', says: 'is gone' },
        );
      }
    }
  },
};

export const addedProperties: SchemaCheck = {
  ids: ['new-required-request-property'],
  check(pair, report) {
    if (!isRequest(pair) || (pair.place !== 'body' && pair.place !== 'property')) return;
    const before = objectMember(pair.base.value, 'properties');
    for (const name of requiredNames(pair.revision)) {
      if (before !== undefined && Object.hasOwn(before, name)) continue;
      if (filledIn(pair, name)) continue;
      report({
        id: 'new-required-request-property',
        property: name,
        says: 'is new and must be given: requests of before are refused',
        at: ['properties', name],
        hint: 'make it optional or give it a default',
      });
    }
  },
};

export const requiredProperties: SchemaCheck = {
  ids: ['request-property-became-required', 'response-property-became-optional'],
  check(pair, report) {
    if (pair.place !== 'body' && pair.place !== 'property') return;
    const before = objectMember(pair.base.value, 'properties');
    const after = objectMember(pair.revision.value, 'properties');
    if (before === undefined || after === undefined) return;
    if (isRequest(pair)) {
      for (const name of requiredNames(pair.revision)) {
        if (requires(pair.base, name) || !Object.hasOwn(before, name) || filledIn(pair, name)) continue;
        report({
          id: 'request-property-became-required',
          property: name,
          says: `must be given now: requests without ${show(name)} are refused`,
          at: ['properties', name],
          hint: 'leave it optional or give it a default',
        });
      }
    } else {
      for (const name of requiredNames(pair.base)) {
        if (requires(pair.revision, name) || !Object.hasOwn(after, name)) continue;
        const property = pair.revisionResolver.schema(pair.revision, 'properties', name);
        if (property === undefined || member(property.value, 'writeOnly') === true) continue;
        report({
          id: 'response-property-became-optional',
          property: name,
          says: 'was always there and may now be left out',
          at: ['properties', name],
        });
      }
    }
  },
};

/** Whether a caller who leaves the property out is still served. */
export function filledIn(pair: SchemaPair, name: string): boolean {
  const property = pair.revisionResolver.schema(pair.revision, 'properties', name);
  if (property === undefined) return true;
  return member(property.value, 'readOnly') === true || member(property.value, 'default') !== undefined;
}

export function requiredNames(schema: Located): string[] {
  return [...new Set(listMember(schema.value, 'required'))].filter((name): name is string => typeof name === 'string');
}

export function requires(schema: Located, name: string): boolean {
  return listMember(schema.value, 'required').includes(name);
}

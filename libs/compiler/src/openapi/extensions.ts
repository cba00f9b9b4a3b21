/** Members whose own members are called as the author likes: `x-` there begins a name. */
const named = new Set([
  ...['paths', 'properties', 'patternProperties', 'definitions', '$defs', 'dependentSchemas', 'headers', 'parameters'],
  ...['schemas', 'responses', 'requestBodies', 'examples', 'securitySchemes', 'links', 'callbacks', 'pathItems'],
  ...['variables', 'mapping', 'scopes', 'encoding', 'content', 'mediaTypes'],
]);

/** Whether a place lies in a specification extension (`x-…`), of which OpenAPI says nothing. */
export const isInExtension = (steps: readonly (string | number)[]): boolean =>
  steps.some((step, index) => /^x-/i.test(String(step)) && !named.has(String(steps[index - 1] ?? '')));

import type { StarterRule } from './starter-rule.ts';

export const basePathLowerCase: StarterRule = {
  id: 'base-path-lower-case',
  severity: 'info',
  appliesTo: { kind: 'Api' },
  field: 'route.basePath',
  expression: 'api.route.basePath == api.route.basePath.lowerAscii()',
  message: 'The base path of Api ${api.name}, ${api.route.basePath}, has capital letters.',
  hint: 'Write it in lower case.',
  rationale: 'Paths tell capitals apart and people do not.',
  examples: {
    pass: [{ api: {} }],
    fail: [{ api: { route: { basePath: '/Pets' } } }],
  },
};

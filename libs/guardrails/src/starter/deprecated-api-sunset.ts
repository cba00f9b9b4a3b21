import type { StarterRule } from './starter-rule.ts';

export const deprecatedApiSunset: StarterRule = {
  id: 'deprecated-api-sunset',
  severity: 'warning',
  appliesTo: { kind: 'Api', lifecycle: ['deprecated'] },
  field: 'lifecycle',
  expression: `has(api.deprecation) && has(api.deprecation.sunset) ||
  "sunset" in api.labels && api.labels["sunset"].matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")`,
  message: 'Api ${api.name} is deprecated, and nobody knows until when it answers.',
  hint: `Say it under \`spec.deprecation.sunset\`, or by the label \`sunset: "2027-01-31"\`.`,
  rationale: 'Callers move when they know the day.',
  references: ['OWASP API9:2023'],
  examples: {
    pass: [
      { api: { lifecycle: 'deprecated', labels: { sunset: '2027-01-31' } } },
      { api: { lifecycle: 'deprecated', deprecation: { sunset: '2027-01-31' } } },
    ],
    fail: [{ api: { lifecycle: 'deprecated' } }],
  },
};

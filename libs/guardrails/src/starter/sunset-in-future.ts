import type { StarterRule } from './starter-rule.ts';

export const sunsetInFuture: StarterRule = {
  id: 'sunset-in-future',
  severity: 'error',
  appliesTo: { kind: 'Api' },
  field: 'lifecycle',
  expression: `(!has(api.deprecation) || !has(api.deprecation.sunset) ||
    timestamp(api.deprecation.sunset + "T00:00:00Z") > now) &&
  (!("sunset" in api.labels) ||
    !api.labels["sunset"].matches("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$") ||
    timestamp(api.labels["sunset"] + "T00:00:00Z") > now)`,
  message: 'The sunset date of Api ${api.name} is over.',
  hint: 'Delete the API, or tell its callers a later date.',
  rationale: 'After the date that was announced, nobody expects it to answer, and nobody watches it.',
  references: ['OWASP API9:2023'],
  examples: {
    pass: [{ api: { labels: { sunset: '2027-01-31' } }, now: '2026-06-01T00:00:00Z' }],
    fail: [
      { api: { labels: { sunset: '2026-01-31' } }, now: '2026-06-01T00:00:00Z' },
      { api: { lifecycle: 'deprecated', deprecation: { sunset: '2026-01-31' } }, now: '2026-06-01T00:00:00Z' },
    ],
  },
};

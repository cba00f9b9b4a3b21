import { describe, expect, it } from '@jest/globals';
import type { ApiUnit } from '@gitway/contracts';
import { planChanges } from '../plan-changes.ts';
import { api, environment, policyWith, stateOf } from '../testing/units.ts';
import { MAX_MARKDOWN, renderPlanMarkdown } from './markdown.ts';
import { renderPlanText } from './text.ts';

const between = (before: Partial<ApiUnit>, after: Partial<ApiUnit>) =>
  planChanges(stateOf(environment('eu'), api('pets', before)), stateOf(environment('eu'), api('pets', after)));
const limit = (requests: number) => policyWith({ rateLimits: [{ requests, windowMs: 60_000, by: 'consumer' }] });

describe('a plan in the terminal', () => {
  it('tells the most dangerous first, aligned, and who notices', () => {
    const plan = between({}, { ...limit(60), owner: 'b@example.com', operations: [api('x').operations[0]!] });
    const [title, , ...rest] = renderPlanText(plan).split('\n');
    expect(title).toBe('production: 3 changes: 1 breaking, 1 restricting, 1 neutral');
    expect(rest.join('\n')).toBe(`
breaks callers
  - operation pets DELETE /{id}  gone from what the API declares
      1 API, 1 operation, 1 gateway; use not known

restricts callers
  ~ API pets  limit 600 → 60 calls a minute for each consumer  [policy.rateLimits]
      1 API, 2 operations, 1 gateway; use not known

neutral to callers
  ~ API pets  owner pets@example.com → b@example.com
      noticed by the platform only
`);
  });

  it('says that nothing changes, and paints only when asked', () => {
    expect(renderPlanText(between({}, {}))).toBe('production: nothing changes\n');
    const painted = renderPlanText(between({}, limit(1)), { paint: (style, text) => `<${style}>${text}</>` });
    expect(painted).toContain('<warn>restricts callers</>');
  });

  it('says how often what changes was called, and how gateways take it where a driver can tell', () => {
    const sides = [stateOf(environment('eu'), api('pets')), stateOf(environment('eu'), api('pets', limit(1)))] as const;
    const plan = planChanges(...sides, {
      usage: () => ({ calls: 1_204, consumers: ['a', 'b', 'c'] }),
      takes: () => 'run-time',
    });
    expect(renderPlanText(plan)).toContain('1,204 calls by 3 consumers in 7 days; gateways take it as they run');
    const unused = planChanges(...sides, { usage: () => ({ calls: 0, consumers: [] }) });
    expect(renderPlanText(unused)).toContain('not called in 7 days');
  });
});

it('says what was accepted, in the terminal and in a comment, and renders nothing of it', () => {
  const sides = [stateOf(environment('eu'), api('pets')), stateOf(environment('eu'), api('pets', limit(1)))] as const;
  const sentence = '`DELETE /pets` is gone. Accepted by ada until 2026-12-01: [acme](http://evil.example) has moved.';
  const plan = planChanges(...sides, {
    accepted: [sentence, ...Array.from({ length: 30 }, (_, index) => `${index}.`)],
  });
  expect(plan.accepted).toHaveLength(20);
  expect(renderPlanText(plan)).toContain(`\naccepted\n  ${sentence}\n  0.\n`);
  const comment = renderPlanMarkdown([plan]);
  expect(comment).toContain('Accepted by ada until 2026-12-01');
  expect(comment).toContain('- … and 15 more\n');
  expect(comment).not.toMatch(/\[acme\]\(/);
  expect(planChanges(...sides)).not.toHaveProperty('accepted');
});

describe('a plan in a comment', () => {
  const hostile =
    '</td>|`` @everyone #1 [x](http://evil.example) ![i](//e) <script>alert(1)</script>\n\n# Title\u202E\u0000 https://evil.example www.evil.example $x$';

  it('renders nothing that somebody wrote into it', () => {
    const operations = [{ id: hostile, method: 'GET', path: `/${hostile}` }];
    const text = renderPlanMarkdown([between({ owner: 'a' }, { owner: hostile, operations, labels: { a: hostile } })]);
    // What remains once code spans are taken out is all that could be markup.
    const outside = text.replaceAll(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/g, '');
    expect(outside).not.toMatch(/<(?!br)|\[x\]\(|!\[|@everyone|#1|:\/\/|www\.evil|^# Title/m);
    expect(text).not.toMatch(/[\u0000\u202E]/);
    for (const line of text.split('\n').filter((each) => each.startsWith('| `'))) {
      expect(line.replaceAll('\\\\', '').match(/(?<!\\)\|/g)).toHaveLength(5);
    }
  });

  it('stays within its bound, counts what it leaves out, and gives each environment a share', () => {
    const wide = (index: number) => ({ owner: `${index} ${'x'.repeat(400)}` });
    const plans = Array.from({ length: 12 }, (_, environmentIndex) => {
      const apis = (shift: number) =>
        Array.from({ length: 90 }, (__, index) => api(`svc-${index}`, wide(index + shift)));
      const plan = planChanges(stateOf(environment('eu'), ...apis(0)), stateOf(environment('eu'), ...apis(7)));
      return { ...plan, environment: `env-${environmentIndex}` };
    });
    const text = renderPlanMarkdown(plans);
    expect(text.length).toBeLessThanOrEqual(MAX_MARKDOWN);
    for (const { environment: name } of plans) expect(text).toContain(`### \`${name}\`: 90 changes: 90 neutral`);
    expect(text).toMatch(/… and \d+ more, none of them worse than these\./);
  });

  it('names the environments in which nothing changes', () => {
    expect(renderPlanMarkdown([between({}, {})])).toBe('Nothing changes in `production`.\n');
  });
});

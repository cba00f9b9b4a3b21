import { describe, expect, it } from '@jest/globals';
import { commitRejected, commitValidated, reportSchema } from '@gitway/contracts';
import { useValidator } from './testing/use-validator.ts';
import { zoo } from './testing/files.ts';

const validator = useValidator(() => ({ GITWAY_RULESET_FUNCTIONS: 'trusted, also-trusted' }));

/** Spectral and the sandbox are loaded in each thread that meets them first. */
const firstMs = 30_000;

/** A repository whose own function wants titles of at least `least` letters. */
const files = (environment: string, least: number) =>
  zoo(environment, {
    'style/rules.yaml':
      'apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec: { openapi: { rulesets: [./.spectral.yaml] } }\n',
    'style/.spectral.yaml':
      'functions: [title]\nrules: { long-title: { given: $.info.title, severity: error, then: { function: title } } }\n',
    'style/functions/title.js': `import { least } from './least.mjs';\nexport default (title) => title.length < least ? [{ message: \`\${title} is short\` }] : [];\n`,
    'style/functions/least.mjs': `export const least = ${least};\n`,
  });

const findingsOf = async (commit: string) =>
  reportSchema
    .parse((await validator.get(`/commits/${commit}/report`)).body)
    .findings.map(({ rule, message }) => [rule, message]);

describe('JavaScript functions of rulesets', () => {
  it('are run for a source that is allowed them, and judged anew when a file of theirs changes', async () => {
    const good = await validator.push(files('trusted-zoo', 3), { source: 'trusted' });
    await validator.caused(commitValidated, good.id, 1, firstMs);
    const bad = await validator.push(files('trusted-zoo', 5), { source: 'trusted' });
    await validator.caused(commitRejected, bad.id, 1, firstMs);
    expect(await findingsOf(bad.commit)).toEqual([['spectral-long-title', 'Dogs is short.']]);
  });

  it('are refused for every other source, also with files that were judged before', async () => {
    const { id, commit } = await validator.push(files('other-zoo', 3), { source: 'other' });
    await validator.caused(commitRejected, id);
    expect((await findingsOf(commit)).map(([rule]) => rule)).toEqual(['ruleset-refused', 'ruleset-refused']);
  });
});

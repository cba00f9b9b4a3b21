import { describe, expect, it } from '@jest/globals';
import { commitRejected, commitValidated, reportSchema } from '@gitway/contracts';
import { openApi, zoo } from './testing/files.ts';
import { useValidator } from './testing/use-validator.ts';

const validator = useValidator(() => ({ GITWAY_DOCUMENT_TIME_LIMIT: '3s', GITWAY_COMPILE_WORKERS: '2' }));

const ruleset = {
  'rules.yaml':
    'apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec: { openapi: { rulesets: [./style.yaml] } }\n',
  // With every letter more in the title it takes twice as long.
  'style.yaml':
    'rules:\n  title: { given: $.info.title, then: { function: pattern, functionOptions: { match: "^(a+)+$" } } }\n',
};
const trap = `${'a'.repeat(60)}!`;

describe('a ruleset whose pattern never ends', () => {
  it('refuses the commit that it is in, at its document, while those of others go on', async () => {
    const endless = await validator.push(zoo('trapped', { ...ruleset, 'dogs.openapi.yaml': openApi(trap) }), {
      source: 'trapped',
    });
    const other = await validator.push(zoo('free'), { source: 'free' });
    await validator.caused(commitValidated, other.id);
    expect(await validator.eventsOf(commitRejected, endless.id)).toEqual([]);

    const [refused] = await validator.caused(commitRejected, endless.id);
    expect(refused!.data.environments).toEqual(['trapped']);
    const report = await validator.artifacts().getJson('report', refused!.data.report, reportSchema);
    const errors = report.findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ rule, where }) => [rule, where.file])).toEqual([
      ['document-takes-too-long', 'dogs.openapi.yaml'],
    ]);

    // And the same source goes on once it is mended, with the same ruleset.
    const mended = await validator.push(zoo('trapped', ruleset), { source: 'trapped' });
    await validator.caused(commitValidated, mended.id);
  }, 90_000);
});

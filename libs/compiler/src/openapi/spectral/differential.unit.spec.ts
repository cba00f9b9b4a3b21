import { describe, expect, it } from '@jest/globals';
import { coreRulesets } from '../../testing/spectral/core-rulesets.ts';
import { documents } from '../../testing/spectral/documents.ts';
import { spectralFindings, type Compared } from '../../testing/spectral/oracle.ts';
import { styleRulesets } from '../../testing/spectral/style-rulesets.ts';
import { workspaceOf } from '../../testing/workspace.ts';
import { RemoteCopies } from '../remote-files.ts';
import { readRuleset } from './read-ruleset.ts';
import { spectralRuleId } from './ruleset.ts';
import { runSpectral } from './run-spectral.ts';

const files = { ...styleRulesets, ...coreRulesets, ...documents };
const rulesets = Object.keys(files).filter((path) => path.startsWith('rules/'));
const roots = Object.keys(documents).filter((path) => path.startsWith('api/'));

async function gitwayFindings(rulesetPath: string, documentPath: string) {
  const workspace = workspaceOf(files);
  const entries = new Map((await workspace.list()).map((entry) => [entry.path, entry]));
  const means = { remote: new RemoteCopies(undefined), functions: false };
  const { ruleset, findings } = await readRuleset(rulesetPath, { file: 'rules.yaml' }, entries, workspace, means);
  expect(findings).toEqual([]);
  const texts = [documentPath, 'shared/schemas.yaml'].map((path) => ({ path, text: files[path]! }));
  return (await runSpectral({ files: texts, rulesets: [ruleset!] })).map(
    ({ rule, severity, where, message }): Compared => ({
      code: rule,
      severity,
      file: where.file!,
      path: where.field ?? '',
      line: where.range?.line ?? 1,
      message,
    }),
  );
}

const keyOf = ({ code, severity, file, path, line, message }: Compared) =>
  `${code} ${severity} ${file}:${line} ${path} | ${message}`;
/** Gitway writes messages as one sentence on one line. */
const asSentence = (message: string) => message.replaceAll(/\s+/g, ' ').trim().replace(/\.?$/, '.');

describe('rulesets of the public format find what Spectral itself finds with them', () => {
  it.each(rulesets.flatMap((ruleset) => roots.map((document) => [ruleset, document] as const)))(
    '%s on %s',
    async (ruleset, document) => {
      const theirs = (await spectralFindings(ruleset, document, files)).map((each) =>
        keyOf({ ...each, code: spectralRuleId(each.code), message: asSentence(each.message) }),
      );
      const ours = (await gitwayFindings(ruleset, document)).map(keyOf);
      expect({
        missing: theirs.filter((each) => !ours.includes(each)).sort(),
        besides: ours.filter((each) => !theirs.includes(each)).sort(),
      }).toEqual({ missing: [], besides: [] });
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@gitway/contracts';
import { compileWorkspace } from '../compile-workspace.ts';
import { exampleWorkspace } from '../rules/example-workspace.ts';
import { rules } from '../rules/index.ts';
import { sampleFinding } from '../testing/reports.ts';
import { permissiveDrivers, workspaceOf } from '../testing/workspace.ts';
import { fingerprintsOf } from './fingerprint.ts';

async function fingerprintsIn(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { findings } = await compileWorkspace(workspaceOf(files), { branch: 'main', drivers: permissiveDrivers });
  const fingerprint = fingerprintsOf({ findings, sources: (path) => files[path] });
  return findings.map((finding) => `${finding.rule} ${fingerprint(finding)}`).sort();
}

/** Three lines of comment above every YAML file. */
const movedDown = (files: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      path.endsWith('.yaml') && !text.startsWith('-> ') ? `# one\n# two\n\n${text}` : text,
    ]),
  );

describe('fingerprints', () => {
  const examples = rules.filter(({ id }) => !['file-encoding', 'file-too-large', 'workspace-too-large'].includes(id));
  it.each(examples.map((rule) => [rule.id, rule] as const))('%s: stay when lines move', async (_, rule) => {
    const files = { ...exampleWorkspace, ...rule.bad };
    const before = await fingerprintsIn(files);
    expect(await fingerprintsIn(movedDown(files))).toEqual(before);
    expect(new Set(before).size).toBe(before.length);
  });

  it('tell equal findings apart by their order in the file', () => {
    const at = (line: number): Finding => ({
      ...sampleFinding,
      where: { file: 'a.yaml', range: { line, column: 1, endLine: line, endColumn: 2 } },
    });
    const findings = [at(9), at(3)];
    const fingerprint = fingerprintsOf({ findings, sources: () => undefined });
    expect(fingerprint(at(9))).toBe(`${fingerprint(at(3))}-2`);
  });

  it('change with the line when nothing else tells what a finding is about', () => {
    const where = { file: 'a.yaml', range: { line: 1, column: 1, endLine: 1, endColumn: 2 } };
    const of = (text: string) => {
      const findings = [{ ...sampleFinding, where }];
      return fingerprintsOf({ findings, sources: () => text })(findings[0]!);
    };
    expect(of('a: 1')).toBe(of('   a: 1'));
    expect(of('a: 1')).not.toBe(of('b: 1'));
  });
});

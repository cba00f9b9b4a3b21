import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@gitway/contracts';
import { reportOf, sampleFinding } from '../testing/reports.ts';
import { assertSarif } from '../testing/sarif-rules.ts';
import { readStrictXml } from '../testing/strict-xml.ts';
import { checkAnswerSchema, rendererOf, renderers, type RenderOptions } from './index.ts';

const options: RenderOptions = {
  toolVersion: '1.2.3',
  rootUri: 'file:///repository/',
  ruleUrl: (rule) => `https://git.example.com/docs/rules/${rule}.md`,
};
const render = (format: string, findings: readonly Finding[], own: readonly Finding[] = [], more = {}) =>
  rendererOf(format)!.render(reportOf(findings, own), { ...options, ...more });

const warning: Finding = {
  rule: 'route-shadowed',
  severity: 'warning',
  where: { file: 'dogs/api.yaml', object: 'Api/dogs' },
  message: 'It hides another.',
  related: [{ where: sampleFinding.where, message: 'This one.' }],
};
const homeless: Finding = { rule: 'no-environment', severity: 'error', where: {}, message: 'There is none.' };

describe('every format', () => {
  it.each(renderers.map(({ format }) => [format]))('%s says when nothing was found, and ends its line', (format) => {
    const text = render(format, []);
    expect(text === '' || text.endsWith('\n')).toBe(true);
    expect(render(format, [])).toBe(text);
  });
});

describe('json', () => {
  it('has the documented shape', () => {
    const answer = checkAnswerSchema.strict().parse(JSON.parse(render('json', [sampleFinding, warning])));
    expect(answer).toMatchObject({ version: 1, refused: true, counts: { errors: 1, warnings: 1, infos: 0 } });
    expect(answer.environments).toEqual([
      { name: 'staging', outcome: 'rejected', snapshot: null, counts: { errors: 1, warnings: 1, infos: 0 } },
    ]);
    expect(answer.findings[0]).toEqual({ ...sampleFinding, fingerprint: expect.stringMatching(/^[0-9a-f]{40}$/) });
  });

  it('is one line where each line is a document', () => {
    expect(render('json', [sampleFinding], [], { compact: true }).split('\n')).toHaveLength(2);
  });
});

describe('sarif', () => {
  const logOf = (...args: Parameters<typeof render> extends [string, ...infer Rest] ? Rest : never) => {
    const log: unknown = JSON.parse(render('sarif', ...args));
    assertSarif(log);
    return log as { runs: { automationDetails: { id: string }; tool: object; results: object[] }[] };
  };

  it('keeps what concerns every environment apart from what concerns one', () => {
    const { runs } = logOf([sampleFinding], [warning]);
    expect(runs.map(({ automationDetails }) => automationDetails.id)).toEqual([
      'gitway/check/',
      'gitway/check/staging/',
    ]);
    expect(runs[0]!.results).toMatchObject([
      {
        ruleId: 'unknown-field',
        ruleIndex: 0,
        level: 'error',
        message: { text: '`rout` is not a field. Did you mean `route`?' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'pets/api.yaml', uriBaseId: '%SRCROOT%' },
              region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 7 },
            },
            logicalLocations: [{ fullyQualifiedName: 'Api/pets spec.rout' }],
          },
        ],
      },
    ]);
    expect(runs[1]!.results).toMatchObject([
      {
        ruleId: 'route-shadowed',
        level: 'warning',
        relatedLocations: [{ id: 0, message: { text: 'This one.' } }],
      },
    ]);
    expect(runs[1]!.results).toHaveLength(1);
  });

  it('describes the rules that it names', () => {
    const { runs } = logOf([sampleFinding, { ...sampleFinding, rule: 'of-somebody-else' }]);
    expect(runs[0]!.tool).toMatchObject({
      driver: {
        name: 'Gitway',
        version: '1.2.3',
        rules: [
          { id: 'of-somebody-else', helpUri: 'https://git.example.com/docs/rules/of-somebody-else.md' },
          {
            id: 'unknown-field',
            shortDescription: { text: expect.stringContaining('field') },
            help: { markdown: expect.stringContaining('# unknown-field') },
            helpUri: 'https://git.example.com/docs/rules/unknown-field.md',
            defaultConfiguration: { level: 'error' },
          },
        ],
      },
    });
  });

  it('gives every result a place, the folder where there is no other', () => {
    const { runs } = logOf([homeless], [], { pathPrefix: './platform/' });
    expect(runs[0]!.results).toMatchObject([
      { locations: [{ physicalLocation: { artifactLocation: { uri: 'platform' } } }] },
    ]);
  });

  it('makes neither placeholders nor links of what a file holds', () => {
    const message = 'No `/pets/{id}`, {0} or [click](http://evil.example).';
    const { runs } = logOf([{ ...homeless, message }]);
    expect(runs[0]!.results).toMatchObject([
      { message: { text: String.raw`No ${'`/pets/{id}`'}, {{0}} or \[click\](http://evil.example).` } },
    ]);
  });
});

describe('junit', () => {
  it('has a suite per file, a case per rule, and a suite of environments', () => {
    const again = { ...sampleFinding, message: '`polcy` is not a field.' };
    const root = readStrictXml(render('junit', [sampleFinding, again, warning]));
    expect(root.attributes).toMatchObject({ tests: '3', failures: '2' });
    expect(root.children.map(({ attributes }) => attributes)).toEqual([
      { name: 'pets/api.yaml', tests: '1', failures: '1', errors: '0', time: '0' },
      { name: 'dogs/api.yaml', tests: '1', failures: '0', errors: '0', time: '0' },
      { name: 'environments', tests: '1', failures: '1', errors: '0', time: '0' },
    ]);
    const [failed, told] = root.children.map(({ children }) => children[0]!);
    expect(failed!.attributes).toMatchObject({ classname: 'pets/api.yaml', name: 'unknown-field' });
    expect(failed!.children).toHaveLength(1);
    expect(failed!.children[0]).toMatchObject({
      name: 'failure',
      attributes: { message: '`rout` is not a field. (and 1 more)' },
      text: expect.stringContaining('error pets/api.yaml:2:3 Api/pets spec.rout\n  `rout` is not a field.'),
    });
    expect(told!.children[0]).toMatchObject({ name: 'system-out', text: expect.stringContaining('It hides another.') });
  });
});

describe('github', () => {
  it('makes one annotation of each finding', () => {
    expect(render('github', [sampleFinding, warning, homeless], [], { pathPrefix: 'platform' })).toBe(
      [
        '::error file=platform/pets/api.yaml,line=2,endLine=2,col=3,endColumn=6,title=unknown-field::`rout` is not a field. Did you mean `route`?',
        '::warning file=platform/dogs/api.yaml,title=route-shadowed::It hides another.',
        '::error title=no-environment::There is none.',
        '',
      ].join('\n'),
    );
  });

  it('escapes what means something to the runner', () => {
    const hostile = { ...homeless, where: { file: 'a,b:c%.yaml' }, message: '100 %\n::error::x' };
    expect(render('github', [hostile])).toBe(
      '::error file=a%2Cb%3Ac%25.yaml,title=no-environment::100 %25\uFFFD::error::x\n',
    );
  });
});

describe('gitlab', () => {
  it('is a Code Quality report', () => {
    expect(JSON.parse(render('gitlab', [sampleFinding, warning, homeless]))).toEqual([
      {
        description: '`rout` is not a field. Did you mean `route`?',
        check_name: 'unknown-field',
        fingerprint: expect.any(String),
        severity: 'critical',
        location: { path: 'pets/api.yaml', lines: { begin: 2, end: 2 } },
      },
      expect.objectContaining({ severity: 'minor', location: { path: 'dogs/api.yaml', lines: { begin: 1, end: 1 } } }),
      expect.objectContaining({ severity: 'critical', location: { path: '.', lines: { begin: 1, end: 1 } } }),
    ]);
  });
});

describe('lsp', () => {
  it('counts from zero and groups by file', () => {
    const second = { ...sampleFinding, message: 'Another.' };
    const { files } = JSON.parse(render('lsp', [sampleFinding, second, warning])) as {
      files: { uri: string; diagnostics: object[] }[];
    };
    expect(files.map(({ uri, diagnostics }) => [uri, diagnostics.length])).toEqual([
      ['file:///repository/pets/api.yaml', 2],
      ['file:///repository/dogs/api.yaml', 1],
    ]);
    expect(files[0]!.diagnostics[0]).toEqual({
      range: { start: { line: 1, character: 2 }, end: { line: 1, character: 6 } },
      severity: 1,
      code: 'unknown-field',
      codeDescription: { href: 'https://git.example.com/docs/rules/unknown-field.md' },
      source: 'gitway',
      message: '`rout` is not a field. Did you mean `route`?',
      data: { fingerprint: expect.any(String), object: 'Api/pets', field: 'spec.rout' },
    });
    expect(files[1]!.diagnostics[0]).toMatchObject({
      severity: 2,
      relatedInformation: [
        { location: { uri: 'file:///repository/pets/api.yaml', range: { start: { line: 1 } } }, message: 'This one.' },
      ],
    });
  });
});

describe('the judges of these specs', () => {
  it('refuse what is not well-formed', () => {
    const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
    expect(() => readStrictXml(`${head}<a b="1"><c/></a>\n`)).not.toThrow();
    const bad = [
      '<a>',
      '<a></b>',
      '<a b="1" b="2"/>',
      '<a>]]></a>',
      '<a>&x;</a>',
      '<a>& </a>',
      '<a>\u0001</a>',
      '<a/>x',
    ];
    for (const each of bad) expect(() => readStrictXml(head + each)).toThrow();
  });

  it('refuse what is not SARIF', () => {
    const run = { tool: { driver: { name: 'x' } } };
    expect(() => assertSarif({ version: '2.1.0', runs: [run] })).not.toThrow();
    expect(() => assertSarif({ version: '2.1.0', runs: [{ ...run, result: [] }] })).toThrow('result is not a member');
    expect(() => assertSarif({ version: '2.1.0', runs: [{ ...run, results: [{}] }] })).toThrow('without message');
  });
});

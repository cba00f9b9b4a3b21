import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a module in a process of its own, with what was built of this package as `host`. @returns what it gives to `tell` */
export async function inNode<T>(code: string, timeoutMs = 60_000, env: NodeJS.ProcessEnv = {}): Promise<T> {
  const built = new URL('../../dist/index.js', import.meta.url).href;
  const compiler = new URL('../../../compiler/dist/index.js', import.meta.url).href;
  const module = [
    `import * as host from ${JSON.stringify(built)};`,
    `import { compareDocuments, readDocument } from ${JSON.stringify(compiler)};`,
    `const tell = (value) => process.stdout.write(JSON.stringify(value));`,
    helpers,
    code,
  ].join('\n');
  const args = ['--input-type=module', '--eval', module];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    timeout: timeoutMs,
    maxBuffer: 1 << 26,
    env: { ...process.env, ...env },
  });
  return JSON.parse(stdout) as T;
}

const helpers = `
const absent = () => Promise.resolve({ refused: 'absent' });
const jobOf = (path, text, open = absent) => ({ path, bytes: Buffer.from(text), settings: {}, open });
/** A document of so many operations, with something to report about each, and so many large schemas. */
function documentOf(operations, schemas = 0) {
  const of = (count, member) => Object.fromEntries(Array.from({ length: count }, (_, index) => member(index)));
  const operation = { get: { responses: { 200: { description: 'The thing, as it is at the moment of the call.' } } } };
  const properties = of(20, (index) => ['field' + index, { type: 'string', description: 'x'.repeat(60) }]);
  return JSON.stringify({
    openapi: '3.0.3',
    info: { title: 'Things', version: '1' },
    paths: of(operations, (index) => ['/things/' + index, operation]),
    components: { schemas: of(schemas, (index) => ['Schema' + index, { type: 'object', properties }]) },
  });
}
`;

import { resolvePath } from '../../../paths.ts';

/** Modules that stand for Spectral's own, by name. */
export const shims = {
  '@stoplight/spectral-core': `const declare = globalThis.__declare;
delete globalThis.__declare;
export const createRulesetFunction = declare;
export default { createRulesetFunction };
`,
  '@stoplight/spectral-functions': `const core = globalThis.__core;
delete globalThis.__core;
${['alphabetical', 'casing', 'defined', 'enumeration', 'falsy', 'length', 'or', 'pattern', 'schema', 'truthy', 'xor']
  .map((name) => `export const ${name} = core('${name}');`)
  .join('\n')}
const notDefined = core('undefined');
export { notDefined as undefined };
`,
  '@stoplight/spectral-formats': `const formats = globalThis.__formats(FORMATS);
delete globalThis.__formats;
`,
} as const;

export const isShim = (name: string): name is keyof typeof shims => Object.hasOwn(shims, name);

/** The path of what a module asks for, without its ending where that was left out; undefined where it cannot be had. */
export function pathOfImport(from: string, specifier: string): string | undefined {
  if (!/^\.{1,2}(\/|$)/.test(specifier)) return undefined;
  const target = resolvePath(from, specifier);
  return 'path' in target ? target.path : undefined;
}

/** Files that an import may mean, the first that is there counts. */
export const spellingsOf = (path: string): readonly string[] => [
  path,
  ...['.js', '.mjs', '.cjs', '.json', '/index.js'].map((ending) => `${path}${ending}`),
];

export const isFunctionFile = (path: string) => /\.([cm]?js|json)$/.test(path);

const required = /\brequire\(\s*(["'])([^"'\n]{1,300})\1\s*\)/g;

/** What a CommonJS module asks for with a plain text; anything else fails where it is asked. */
export const requiredBy = (path: string, text: string): string[] =>
  isCommonJs(path, text) ? [...new Set([...text.matchAll(required)].map((match) => match[2]!))] : [];

function isCommonJs(path: string, text: string): boolean {
  if (path.endsWith('.cjs')) return true;
  if (path.endsWith('.mjs') || path.endsWith('.json')) return false;
  if (/^\s*(?:export\b|import\b(?!\s*[(.]))/m.test(text)) return false;
  return /\bmodule\s*\.\s*exports\b|\bexports\s*[.[]|\brequire\s*\(/.test(text);
}

/** A file as an ES module whose lines are those of the file. `has` says which imports there are. */
export function moduleSource(path: string, text: string, has: (specifier: string) => boolean): string {
  if (path.endsWith('.json')) return `export const isCommonJs=true;export default JSON.parse(${JSON.stringify(text)});`;
  if (!isCommonJs(path, text)) return text.replace(/^#!.*/, '');
  const wanted = requiredBy(path, text).filter(has);
  const imports = wanted.map((name, number) => `import * as required${number} from ${JSON.stringify(name)};`);
  const table = wanted.map((name, number) => `[${JSON.stringify(name)}]: required${number}`);
  const require =
    `const found={__proto__:null,${table.join()}};` +
    `const require=(name)=>{if(!(name in found))throw new Error('require of '+String(name).slice(0,100)+': only files of the repository and packages of Spectral are there');` +
    `const each=found[name];return each.default!==undefined&&each.isCommonJs===true?each.default:each;};`;
  const open = `const module={exports:{}};((exports,require,module)=>{`;
  return `${imports.join('')}${require}${open}${text.replace(/^#!.*/, '')}\n})(module.exports,require,module);export const isCommonJs=true;export default module.exports;`;
}

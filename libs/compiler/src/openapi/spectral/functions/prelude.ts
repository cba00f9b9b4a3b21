/**
 * Runs in the sandbox before anything of a repository does, and keeps what it needs of the language to itself. It is
 * handed `ask(text)`, the only way out, and gives what the host calls. All that passes is text, which the host checks.
 */
export const prelude = `(ask) => {
  'use strict';
  const { parse, stringify } = JSON;
  const { apply, defineProperty } = Reflect;
  const { isArray } = Array;
  const { keys } = Object;
  const toText = String;
  const Failure = Error;
  const nodes = [];
  const functions = [];
  const declared = new WeakMap();
  const [getDeclared, setDeclared] = [WeakMap.prototype.get, WeakMap.prototype.set];
  const then = Promise.prototype.then;
  const Later = Promise;

  const noClock = () => { throw new Failure('there is no clock and no chance here: what is found depends on the document alone'); };
  const Day = Date;
  class GivenDate extends Day {
    constructor(...given) { if (given.length === 0) noClock(); super(...given); }
    static now() { return noClock(); }
  }
  globalThis.Date = GivenDate;
  Day.prototype.constructor = GivenDate;
  Math.random = noClock;
  const nothing = () => undefined;
  globalThis.console = { log: nothing, info: nothing, warn: nothing, error: nothing, debug: nothing, trace: nothing };

  const take = (chunk) => {
    for (let at = 0; at < chunk.length; at++) nodes[chunk[at][0]] = chunk[at][1];
    for (let at = 0; at < chunk.length; at++) {
      const node = chunk[at][1];
      const names = keys(node);
      for (let member = 0; member < names.length; member++) {
        const value = node[names[member]];
        if (typeof value === 'object' && value !== null) node[names[member]] = nodes[value[0]];
      }
    }
  };
  const given = ({ chunk, node, value }) => {
    take(chunk);
    return node === undefined ? value : nodes[node];
  };
  const graph = (which) => given(parse(ask(stringify({ graph: which }))));
  const absent = (object, name, names) => {
    for (const each of names)
      defineProperty(object, each, { get() { throw new Failure(name + '.' + each + ' is not there in Gitway'); } });
    return object;
  };
  const formatsByName = { __proto__: null };
  globalThis.__formats = (names) => {
    for (const each of names) {
      const format = () => { throw new Failure('formats cannot be called in Gitway; ask context.document.formats'); };
      defineProperty(format, 'name', { value: each });
      formatsByName[each] = format;
    }
    return formatsByName;
  };
  let now;
  const documentOf = (source) => absent({
    source,
    get data() { return graph('data'); },
    get formats() { return new Set(now.formats.map((name) => formatsByName[name])); },
  }, 'context.document', ['ast', 'diagnostics', 'getRangeForJsonPath', 'input', 'parserResult', 'trapAccess']);
  const contextOf = (job) => {
    const document = documentOf(job.source);
    const documentInventory = absent({
      document,
      source: job.source,
      get resolved() { return graph('resolved'); },
      get unresolved() { return graph('data'); },
      get formats() { return document.formats; },
    }, 'context.documentInventory', ['graph', 'referencedDocuments', 'errors', 'diagnostics', 'findAssociatedItemForPath', 'resolver']);
    return { path: job.path, rule: job.rule, document, documentInventory };
  };

  globalThis.__declare = (definition, check) => {
    if (typeof check !== 'function') throw new Failure('createRulesetFunction needs a function');
    if (typeof definition !== 'object' || definition === null) throw new Failure('createRulesetFunction needs a definition');
    const { input = null, options = null, errorOnInvalidInput = false } = definition;
    const wrapped = function (...args) { return apply(check, this, args); };
    defineProperty(wrapped, 'name', { value: check.name });
    apply(setDeclared, declared, [wrapped, stringify({ input, options, errorOnInvalidInput, name: toText(check.name) })]);
    return wrapped;
  };
  globalThis.__core = (name) => (input, options = null, context = {}) => {
    const answer = parse(ask(stringify({ core: name, input, options, path: context?.path ?? [] })));
    if (answer.error !== undefined) throw new Failure(answer.error);
    return answer.results ?? undefined;
  };

  const outcome = (result) => {
    if (result === undefined) return undefined;
    if (typeof result !== 'object' || result === null || isArray(result) === false)
      throw new Failure('it returned ' + (result === null ? 'null' : typeof result) + '; return a list of { message, path? }, or nothing');
    const found = [];
    if (result.length > 1000) throw new Failure('it returned more than 1000 results');
    for (let at = 0; at < result.length; at++) {
      const each = result[at];
      const message = each?.message;
      const path = each?.path;
      if (typeof message !== 'string') throw new Failure('it returned a result without a message');
      const own = { message: message.length > 2000 ? apply(slice, message, [0, 2000]) : message };
      if (path !== undefined) {
        if (isArray(path) === false || path.length > 200) throw new Failure('it returned a path that is not a list of keys');
        own.path = [];
        for (let step = 0; step < path.length; step++) {
          const key = path[step];
          defineProperty(own.path, step, { value: typeof key === 'number' ? key : toText(key), enumerable: true });
        }
      }
      defineProperty(found, at, { value: own, enumerable: true });
    }
    return stringify(found);
  };
  const slice = String.prototype.slice;

  let settled;
  return {
    add(namespace) {
      const check = namespace.default?.default ?? namespace.default;
      if (typeof check !== 'function') throw new Failure('it has no default export that is a function');
      functions[functions.length] = check;
      return apply(getDeclared, declared, [check]);
    },
    call(number, text) {
      const job = parse(text);
      now = job;
      const result = apply(functions[number], undefined, [given(job), job.options, contextOf(job)]);
      if (typeof result !== 'object' || result === null || typeof result.then !== 'function') return outcome(result);
      settled = undefined;
      const state = {};
      settled = state;
      apply(then, new Later((resolve) => resolve(result)), [
        (value) => { state.done = true; state.value = value; },
        (error) => { state.done = true; state.failed = true; state.value = error; },
      ]);
      return true;
    },
    collect() {
      if (settled.done !== true) return true;
      if (settled.failed === true) throw settled.value;
      return outcome(settled.value);
    },
    describe(error) {
      const isObject = (typeof error === 'object' && error !== null) || typeof error === 'function';
      const message = isObject ? error.message : error;
      const stack = isObject ? error.stack : undefined;
      const short = (text) => apply(slice, toText(text), [0, 500]);
      return stringify({ message: short(message), stack: typeof stack === 'string' ? short(stack) : '' });
    },
  };
}`;

import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSSyncVariant } from 'quickjs-emscripten-core';
import { isShim, moduleSource, pathOfImport, shims, spellingsOf } from './module-source.ts';

/** Thrown for all that goes wrong in a sandbox; the message is for people. */
export class SandboxError extends Error {
  constructor(
    message: string,
    /** Where in which file of the repository, where it is known. */
    readonly place?: { readonly file: string; readonly line: number; readonly column?: number },
  ) {
    super(message);
  }
}

export interface SandboxOptions {
  /** Files by path. There is nothing else that could be imported. */
  readonly modules: Readonly<Record<string, string>>;
  readonly formats: readonly string[];
  /** Steps in ten thousands. Counted, and not timed: what is too much for one machine is too much for all. */
  readonly maxSteps?: number;
  /** Told of a path that is imported and not there, without its ending perhaps. */
  readonly onAbsent?: (path: string) => void;
}

const PAGE_BYTES = 65_536;
const INITIAL_MEMORY_BYTES = 16_777_216;
const MAX_MEMORY_BYTES = 134_217_728;
const MAX_STACK_BYTES = 262_144;
const MAX_STEPS = 10_000;
/** A module that throws: evaluated first, after all others were found and linked, so that none of them is run. */
const END = 'gitway:end';
const MAX_JOBS = 100_000;
const MAX_TEXT_LENGTH = 2_000_000;

/** Of the language, and in none of its libraries of types. */
declare const WebAssembly: { readonly Memory: new (pages: { initial: number; maximum: number }) => object };

/** Loaded when the first function is met: most rulesets have none. */
async function newEngine() {
  const [core, { default: variant }] = await Promise.all([
    import('quickjs-emscripten-core'),
    import('@jitl/quickjs-wasmfile-release-sync'),
  ]);
  const quiet = () => undefined;
  // The engine's own memory limit does not count large blocks; that of the WebAssembly memory counts everything.
  const wasmMemory = new WebAssembly.Memory({
    initial: INITIAL_MEMORY_BYTES / PAGE_BYTES,
    maximum: MAX_MEMORY_BYTES / PAGE_BYTES,
  });
  const bounded = core.newVariant(variant as unknown as QuickJSSyncVariant, {
    wasmMemory: wasmMemory as never,
    emscriptenModule: { print: quiet, printErr: quiet } as object,
  });
  return core.newQuickJSWASMModuleFromVariant(bounded);
}

/**
 * JavaScript of a repository in an engine and a memory of its own: QuickJS in WebAssembly. No file, environment,
 * network, timer or clock is there; steps, stack and memory are bounded. After an error nothing more is run in it.
 */
export class Sandbox {
  private readonly runtime: QuickJSRuntime;
  private readonly context: QuickJSContext;
  private steps = 0;
  private readonly maxSteps: number;
  private broken: SandboxError | undefined;

  static async open(options: SandboxOptions): Promise<Sandbox> {
    return new Sandbox(await newEngine(), options);
  }

  private constructor(
    engine: Awaited<ReturnType<typeof newEngine>>,
    private readonly options: SandboxOptions,
  ) {
    this.maxSteps = options.maxSteps ?? MAX_STEPS;
    this.runtime = engine.newRuntime();
    this.runtime.setMaxStackSize(MAX_STACK_BYTES);
    this.runtime.setMemoryLimit(MAX_MEMORY_BYTES);
    this.runtime.setInterruptHandler(() => ++this.steps > this.maxSteps);
    this.context = this.runtime.newContext();
    this.runtime.setModuleLoader(
      (name) => this.load(name),
      (from, specifier) => this.resolve(from, specifier),
    );
  }

  /** Looks at a module and all that it imports, without running anything. @throws SandboxError */
  check(path: string): void {
    this.guarded(() => {
      const all = `import ${JSON.stringify(END)};import ${JSON.stringify(path)};`;
      const result = this.context.evalCode(all, 'gitway', { type: 'module' });
      const state = result.error === undefined ? this.context.getPromiseState(result.value) : undefined;
      const error = result.error ?? (state?.type === 'rejected' ? state.error : undefined);
      if (this.failure !== undefined) throw this.failure;
      if (error !== undefined && this.context.dump(error) !== END) throw this.syntaxError(error);
    });
  }

  /** Runs a script and gives what it comes to. @throws SandboxError */
  script(text: string): QuickJSHandle {
    return this.guarded(() => this.value(this.context.evalCode(text, 'gitway')));
  }

  /** Runs a module, top-level `await` and all, and gives its exports. @throws SandboxError */
  module(path: string): QuickJSHandle {
    return this.guarded(() => {
      const exported = this.value(this.context.evalCode(this.sourceOf(path), path, { type: 'module' }));
      this.runJobs();
      const state = this.context.getPromiseState(exported);
      if (state.type === 'fulfilled') return state.value;
      if (state.type === 'rejected') throw this.thrown(state.error);
      throw new SandboxError(
        `\`${path}\` waits for something that never comes: there are no timers and no network here.`,
      );
    });
  }

  /** Calls a function. Texts, numbers and nothing pass; `undefined` or what else it gave come back. @throws SandboxError */
  call(target: QuickJSHandle, name: string, ...args: readonly (string | number | QuickJSHandle)[]): unknown {
    return this.guarded(() => {
      const handles = args.map((arg) =>
        typeof arg === 'string'
          ? this.context.newString(arg)
          : typeof arg === 'number'
            ? this.context.newNumber(arg)
            : arg,
      );
      const callee = this.context.getProp(target, name);
      return this.read(this.value(this.context.callFunction(callee, this.context.undefined, ...handles)));
    });
  }

  /** Does what was put off, within bounds. @throws SandboxError */
  settle(): void {
    this.guarded(() => this.runJobs());
  }

  /** A function of the host's, for text; what it throws is thrown in there. */
  hostFunction(answer: (text: string) => string): QuickJSHandle {
    return this.context.newFunction('ask', (question) => {
      // What the host does for it counts as well.
      this.steps += 20;
      const text = this.read(question);
      if (typeof text !== 'string') throw new Error('only text can be asked');
      return this.context.newString(answer(text));
    });
  }

  /** `(ask) => bridge`, called with the host's function. */
  start(script: string, ask: QuickJSHandle): QuickJSHandle {
    const prelude = this.script(script);
    return this.guarded(() => this.value(this.context.callFunction(prelude, this.context.undefined, ask)));
  }

  /** How an error in there is shown; `bridge` knows how to look at it. */
  describeWith(bridge: QuickJSHandle): void {
    this.bridge = bridge;
  }
  private bridge: QuickJSHandle | undefined;

  private runJobs(): void {
    for (let jobs = 0; ;) {
      const result = this.runtime.executePendingJobs(1_000);
      if (result.error !== undefined) throw this.thrown(result.error);
      if (result.value === 0) return;
      jobs += result.value;
      if (jobs > MAX_JOBS) throw new SandboxError(`it put off more than ${MAX_JOBS} pieces of work.`);
    }
  }

  private read(handle: QuickJSHandle): unknown {
    const type = this.context.typeof(handle);
    if (type === 'undefined') return undefined;
    if (type === 'boolean') return this.context.dump(handle);
    if (type === 'string') {
      const length = this.context.getNumber(this.context.getProp(handle, 'length'));
      if (length > MAX_TEXT_LENGTH) throw new SandboxError('it gave back too much.');
      return this.context.getString(handle);
    }
    throw new SandboxError('it gave back something else than a text.');
  }

  private value(result: { readonly value: QuickJSHandle; error?: undefined } | { readonly error: QuickJSHandle }) {
    if (result.error !== undefined) throw this.thrown(result.error);
    return result.value;
  }

  private guarded<T>(work: () => T): T {
    if (this.broken !== undefined) throw this.broken;
    try {
      return work();
    } catch (error) {
      // What WebAssembly itself gives up on is an error like any other: this instance is not used again.
      if (error instanceof SandboxError) this.broken = error;
      else if (error instanceof RangeError || (error as Error).name === 'RuntimeError')
        this.broken = new SandboxError('it needs more memory or depth than there is.');
      else throw error;
      throw this.broken;
    }
  }

  private thrown(error: QuickJSHandle): SandboxError {
    if (this.steps > this.maxSteps)
      return new SandboxError(`it takes more than ${this.maxSteps / 100} million steps on one document.`);
    const bridge = this.bridge;
    if (this.failure !== undefined) return this.failure;
    if (bridge === undefined) return this.syntaxError(error);
    const result = this.context.callFunction(this.context.getProp(bridge, 'describe'), this.context.undefined, error);
    if (this.steps > this.maxSteps || result.error !== undefined)
      return new SandboxError('it threw something that cannot be shown.');
    const { message, stack } = JSON.parse(String(this.read(result.value))) as { message: string; stack: string };
    // Nothing is left to make an error of.
    if (message === 'null') return new SandboxError('it threw null, as the engine does when memory runs out.');
    return new SandboxError(`${message.replace(/\.$/, '')}.`, this.placeIn(stack));
  }

  private placeIn(stack: string) {
    for (const [, file, line, column] of stack.matchAll(/\(?([^\s()]+):(\d+):(\d+)\)?/g)) {
      if (Object.hasOwn(this.options.modules, file!))
        return { file: file!, line: Number(line), column: Number(column) };
    }
    return undefined;
  }

  /** An error that the engine itself made: nothing of a repository ran. */
  private syntaxError(error: QuickJSHandle): SandboxError {
    const { message, fileName, lineNumber, stack } = this.context.dump(error) as Readonly<Record<string, unknown>>;
    const known = typeof fileName === 'string' && typeof lineNumber === 'number';
    const place = known ? { file: fileName, line: lineNumber } : this.placeIn(typeof stack === 'string' ? stack : '');
    return new SandboxError(`${typeof message === 'string' ? message.slice(0, 300) : 'it cannot be run'}.`, place);
  }

  private resolve(from: string, specifier: string): string {
    if (from === 'gitway') return specifier;
    if (isShim(specifier)) return specifier;
    const path = pathOfImport(from, specifier);
    const named = `\`${specifier.slice(0, 100)}\``;
    if (path === undefined)
      throw this.fail(
        from,
        specifier,
        `${named} cannot be imported: only files of the repository and packages of Spectral`,
      );
    const found = spellingsOf(path).find((each) => Object.hasOwn(this.options.modules, each));
    if (found !== undefined) return found;
    this.options.onAbsent?.(path);
    throw this.fail(from, specifier, `there is no file ${named} to import`);
  }

  private failure: SandboxError | undefined;
  private fail(from: string, specifier: string, message: string): Error {
    const lines = (this.options.modules[from] ?? '').split('\n');
    const line = lines.findIndex((each) => each.includes(`'${specifier}'`) || each.includes(`"${specifier}"`)) + 1;
    return (this.failure ??= new SandboxError(`${message}.`, line === 0 ? undefined : { file: from, line }));
  }

  private load(name: string): string {
    if (name === END) return `throw ${JSON.stringify(END)};`;
    if (name === '@stoplight/spectral-formats') {
      const names = this.options.formats.filter((each) => /^\w+$/.test(each) && each !== 'default');
      const exports = names.map((each) => `export const ${each} = formats.${each};`).join('\n');
      return shims[name].replace('FORMATS', JSON.stringify(names)) + exports;
    }
    return isShim(name) ? shims[name] : this.sourceOf(name);
  }

  private sourceOf(path: string): string {
    const { modules } = this.options;
    const has = (specifier: string) => {
      if (isShim(specifier)) return true;
      const target = pathOfImport(path, specifier);
      return target !== undefined && spellingsOf(target).some((each) => Object.hasOwn(modules, each));
    };
    return moduleSource(path, modules[path] ?? '', has);
  }
}

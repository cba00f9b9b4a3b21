import type { Act } from '../haproxy/change/act.ts';
import { leftovers } from '../haproxy/change/clean-up.ts';
import { freshProcess, type ProcessState } from '../haproxy/change/image.ts';
import { changeOf, place, type Running } from '../haproxy/change/plan.ts';
import type { HaproxyRendered } from '../haproxy/render.ts';

/** Pairs as text, whatever their order. */
const textOf = (pairs: Iterable<readonly [string, unknown]>) =>
  JSON.stringify([...pairs].map((pair) => JSON.stringify(pair)).toSorted((a, b) => (a < b ? -1 : 1)));

const must = (holds: boolean, what: string) => {
  if (!holds) throw new Error(what);
};

/** A process that does what HAProxy does with an act, and refuses what doubles something or is not there. */
export class ModelProcess {
  private rendered: HaproxyRendered;
  private process: ProcessState;
  private maps = new Map<string, Map<string, string>>();
  /** Path → what is shown. */
  private certificates = new Map<string, string>();
  /** Backend → its servers: name → weight. */
  private backends = new Map<string, Map<string, number>>();

  constructor(rendered: HaproxyRendered) {
    this.rendered = rendered;
    this.process = this.load(rendered);
  }

  get running(): Running {
    return { image: this.rendered.image, process: this.process };
  }

  /** @returns why it took a reload, or null */
  bring(wanted: HaproxyRendered): string | null {
    const placing = place(this.running, wanted.image);
    if ('reload' in placing) {
      this.rendered = wanted;
      this.process = this.load(wanted);
      return placing.reload;
    }
    const rendered = wanted.placed(placing.placement);
    const change = changeOf(this.running, rendered.image);
    for (const act of [...change.prepare, ...change.commit]) this.act(act);
    this.rendered = rendered;
    this.process = change.process;
    return null;
  }

  cleanUp(): void {
    while (leftovers(this.process).length > 0) {
      for (const { acts, after } of leftovers(this.process)) {
        for (const act of acts) this.act(act);
        this.process = after(this.process);
      }
    }
  }

  /** Everything that the files say is there, and besides only what the process is known to have left over. */
  expectSound(): void {
    const { expected, image } = this.rendered;
    for (const [name, { path }] of image.maps) {
      const entries = new Map(this.maps.get(this.process.maps[name] ?? ''));
      for (const key of Object.keys(this.process.stray[name] ?? {})) must(entries.delete(key), `stray ${name} ${key}`);
      must(textOf(entries) === textOf(expected.maps.get(path)?.() ?? []), `map ${name}`);
    }
    const shown = [...image.certificates.keys()].map((name) => this.certificates.get(this.process.maps[name] ?? ''));
    must(
      [...image.certificates.values()].every(({ text }, index) => shown[index] === text),
      'certificates',
    );
    const found = new Map<string, number>();
    for (const [backend, servers] of this.backends) {
      if (this.process.leaving.some((leaving) => leaving.backend === backend)) continue;
      for (const [server, weight] of servers) found.set(`${backend}/${server}`, weight);
    }
    const wanted = expected.servers.map(({ backend, server, weight }) => [`${backend}/${server}`, weight] as const);
    must(textOf(found) === textOf(wanted), 'servers');
    for (const backend of Object.keys(this.process.free))
      must(this.backends.get(backend)?.size === 0, `free ${backend}`);
  }

  private load(rendered: HaproxyRendered): ProcessState {
    const { image, expected } = rendered;
    this.maps = new Map([...expected.maps].map(([path, entries]) => [path, new Map(entries())]));
    this.certificates = new Map([...image.certificates.values()].map(({ path, text }) => [path, text]));
    this.backends = new Map([...image.spares.keys()].map((name) => [name, new Map()]));
    for (const { name, servers } of image.backends.values()) {
      this.backends.set(name, new Map(servers.map(({ server, weight }) => [server, weight])));
    }
    return freshProcess(image, rendered.mark, 1);
  }

  private act(act: Act): void {
    if ('path' in act) {
      const map = this.maps.get(act.path);
      if (map === undefined) throw new Error(`no map ${act.path}`);
      if (act.kind === 'map-replace') map.clear();
      if (act.kind === 'map-add' || act.kind === 'map-replace') {
        for (const [key, value] of act.entries) {
          must(!map.has(key), `${key} is doubled in ${act.path}`);
          map.set(key, value);
        }
        return;
      }
      must(map.has(act.key), `${act.path} has no ${act.key}`);
      if (act.kind === 'map-set') map.set(act.key, act.value);
      else map.delete(act.key);
      return;
    }
    if (act.kind === 'certificate-set') {
      must(this.certificates.has(act.file), `no certificate ${act.file}`);
      this.certificates.set(act.file, act.text);
      return;
    }
    const backend = this.backends.get(act.kind === 'server-add' ? act.server.backend : act.backend);
    if (backend === undefined) throw new Error('no such backend');
    if (act.kind === 'server-add') {
      must(!backend.has(act.server.server), `${act.server.backend} has ${act.server.server} already`);
      backend.set(act.server.server, Number(/weight (\d+)/.exec(act.server.settings)?.[1]));
      return;
    }
    must(backend.has(act.server), `${act.backend} has no ${act.server}`);
    if (act.kind === 'server-weight') backend.set(act.server, act.weight);
    if (act.kind === 'server-delete') backend.delete(act.server);
  }
}

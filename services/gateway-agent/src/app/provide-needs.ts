import { setTimeout as delay } from 'node:timers/promises';
import { digestOf, type Problem } from '@gitway/contracts';
import { haproxy as driver, type Needs, type Provided, type SnapshotUnit, type VerificationKey } from '@gitway/drivers';
import { messageOf } from '@gitway/errors';
import { logger } from '@gitway/observability';
import type { KeySetServer } from '../adapters/key-set-server.ts';
import type { SecretFiles } from '../adapters/secret-files.ts';
import { parseKeySet } from '../domain/key-set.ts';

const log = logger('provide');
/** A token with an unknown key makes the issuer be asked again, at most so often: anybody can send one. */
const UNKNOWN_KEY_MS = 30_000;
/** What has not been fetched by this process is asked for so often. */
const RETRY_MS = 10_000;

export interface Intervals {
  readonly secretsMs: number;
  readonly keySetsMs: number;
}

interface KeySet {
  /** Says whether two answers of an issuer mean the same keys. */
  readonly mark: string;
  readonly keys: readonly VerificationKey[];
}

/**
 * Secrets and key sets that units name. What is there stays until there is something better: a key set that cannot be
 * fetched, or is none any more, and a secret that has gone, are told and change nothing.
 */
export class ProvideNeeds {
  private readonly secrets = new Map<string, string>();
  private readonly keySets = new Map<string, KeySet>();
  /** Fetched by this process, and not only found on disk. */
  private readonly fresh = new Set<string>();
  private readonly askedAtMs = new Map<string, number>();
  private readonly refusals = new Map<string, string>();
  /** Of the units that are wanted, and of those that run. */
  private watched: readonly Needs[] = [];
  private keySetsOfApi = new Map<string, readonly string[]>();

  constructor(
    private readonly gateway: string,
    private readonly files: SecretFiles,
    private readonly server: KeySetServer,
  ) {}

  /** What is known now, for the driver. */
  provided(): Provided {
    const keySets = new Map([...this.keySets].map(([uri, { keys }]) => [uri, keys]));
    const marks = [...this.keySets].map(([uri, { mark }]) => [uri, mark]);
    return { version: digestOf([[...this.secrets], marks]), secrets: new Map(this.secrets), keySets };
  }

  /** What is not as it should be, though there is something to go on with. */
  warnings(): Problem[] {
    return [...this.refusals.values()].map((message) => ({ unit: null, message }));
  }

  /** Gets what the units need, beside what is in use. @returns what is missing, without which they cannot run */
  async provide(units: readonly SnapshotUnit[], running: readonly SnapshotUnit[]): Promise<Problem[]> {
    const needs = this.watch(units, running);
    await Promise.all([
      ...needs.secrets.map((name) => this.readSecret(name)),
      ...needs.keySets.filter((uri) => !this.keySets.has(uri)).map((uri) => this.firstKeySet(uri)),
    ]);
    const missing = [
      ...needs.secrets.filter((name) => !this.secrets.has(name)).map(secretId),
      ...needs.keySets.filter((uri) => !this.keySets.has(uri)).map(keySetId),
    ];
    return missing.map((id) => ({
      unit: this.userOf(id, units),
      message: this.refusals.get(id) ?? `${id} is missing`,
    }));
  }

  /** The same without a network, for what an earlier agent left behind. */
  async resume(units: readonly SnapshotUnit[]): Promise<void> {
    const needs = this.watch(units, []);
    await Promise.all([
      ...needs.secrets.map((name) => this.readSecret(name)),
      ...needs.keySets.map((uri) => this.fromDisk(uri)),
    ]);
  }

  /** Looks again from time to time. @param changed called after something that is in use has changed */
  async run({ secretsMs, keySetsMs }: Intervals, signal: AbortSignal, changed: () => void): Promise<void> {
    const every = async (ms: number, look: () => Promise<boolean>) => {
      while (!signal.aborted) {
        await delay(ms, undefined, { signal }).catch(() => {});
        if (signal.aborted) return;
        try {
          if (await look()) changed();
        } catch (error) {
          log.warn({ reason: messageOf(error) }, 'cannot look for secrets and keys');
        }
      }
    };
    const all = () => this.inUse(({ keySets }) => keySets);
    await Promise.all([
      every(secretsMs, () => this.lookAtSecrets()),
      every(keySetsMs, () => this.lookAtKeySets(all())),
      every(Math.min(keySetsMs, RETRY_MS), () => this.lookAtKeySets(all().filter((uri) => !this.fresh.has(uri)))),
    ]);
  }

  /** A token of this API named a key that is not known. @returns whether there are other keys now */
  async unknownKey(api: string, nowMs: number): Promise<boolean> {
    const due = (this.keySetsOfApi.get(api) ?? []).filter(
      (uri) => nowMs - (this.askedAtMs.get(uri) ?? Number.NEGATIVE_INFINITY) >= UNKNOWN_KEY_MS,
    );
    for (const uri of due) this.askedAtMs.set(uri, nowMs);
    return this.lookAtKeySets(due);
  }

  private watch(units: readonly SnapshotUnit[], running: readonly SnapshotUnit[]): Needs {
    const needs = driver.needs(units, this.gateway);
    this.watched = [needs, driver.needs(running, this.gateway)];
    this.keySetsOfApi = new Map(
      [...running, ...units].flatMap((stored) =>
        stored.unit.kind === 'api' ? [[stored.unit.name, driver.needs([stored], this.gateway).keySets]] : [],
      ),
    );
    const [secrets, keySets] = [new Set(this.inUse((one) => one.secrets)), new Set(this.inUse((one) => one.keySets))];
    for (const name of this.secrets.keys()) if (!secrets.has(name)) this.secrets.delete(name);
    for (const uri of this.keySets.keys()) if (!keySets.has(uri)) this.keySets.delete(uri);
    const known = new Set([...[...secrets].map(secretId), ...[...keySets].map(keySetId)]);
    for (const id of this.refusals.keys()) if (!known.has(id)) this.refusals.delete(id);
    return needs;
  }

  private inUse(pick: (needs: Needs) => readonly string[]): string[] {
    return [...new Set(this.watched.flatMap(pick))];
  }

  private async lookAtSecrets(): Promise<boolean> {
    const changes = await Promise.all(this.inUse(({ secrets }) => secrets).map((name) => this.readSecret(name)));
    return changes.includes(true);
  }

  private async lookAtKeySets(uris: readonly string[]): Promise<boolean> {
    const changes = await Promise.all(uris.map((uri) => this.fetchKeySet(uri)));
    return changes.includes(true);
  }

  private async readSecret(name: string): Promise<boolean> {
    const id = secretId(name);
    const found = await this.files.read(name);
    if ('refusal' in found) {
      this.refuse(id, `${id} cannot be used: ${found.refusal}`, this.secrets.has(name));
      return false;
    }
    this.refusals.delete(id);
    const changed = this.secrets.get(name) !== found.secret;
    this.secrets.set(name, found.secret);
    return changed;
  }

  private async firstKeySet(uri: string): Promise<void> {
    await this.fromDisk(uri);
    if (!this.keySets.has(uri)) await this.fetchKeySet(uri);
  }

  private async fromDisk(uri: string): Promise<void> {
    const text = await this.server.kept(uri);
    const parsed = text === null ? null : parseKeySet(text);
    if (text !== null && parsed !== null && 'keys' in parsed) this.keySets.set(uri, keySetOf(parsed.keys));
  }

  private async fetchKeySet(uri: string): Promise<boolean> {
    const id = keySetId(uri);
    const answer = await this.server.fetch(uri);
    const parsed = 'refusal' in answer ? answer : parseKeySet(answer.text);
    if ('refusal' in answer || 'refusal' in parsed) {
      const reason = 'refusal' in parsed ? parsed.refusal : '';
      this.refuse(id, `${id} cannot be used: ${reason}`, this.keySets.has(uri));
      return false;
    }
    this.refusals.delete(id);
    this.fresh.add(uri);
    const found = keySetOf(parsed.keys);
    if (this.keySets.get(uri)?.mark === found.mark) return false;
    this.keySets.set(uri, found);
    await this.server.keep(uri, answer.text).catch((error: unknown) => {
      log.warn({ uri, reason: messageOf(error) }, 'cannot keep the keys for a restart');
    });
    return true;
  }

  private refuse(id: string, message: string, goesOn: boolean): void {
    const told = goesOn ? `${message}; what was there before goes on` : message;
    if (this.refusals.get(id) !== told) log.warn({ reason: told }, 'something that is needed cannot be had');
    this.refusals.set(id, told.slice(0, 500));
  }

  /** The unit that needs it, as a person names it. */
  private userOf(id: string, units: readonly SnapshotUnit[]): string | null {
    const user = units.find((stored) => {
      const needs = driver.needs([stored], this.gateway);
      return needs.secrets.some((name) => secretId(name) === id) || needs.keySets.some((uri) => keySetId(uri) === id);
    });
    return user === undefined || !('name' in user.unit) ? null : `${user.unit.kind} ${user.unit.name}`;
  }
}

function keySetOf(keys: readonly VerificationKey[]): KeySet {
  const parts = keys.map(({ id, algorithm, key }) => [
    id,
    algorithm,
    'pem' in key ? key.pem : Buffer.from(key.secret).toString('base64url'),
  ]);
  return { keys, mark: digestOf(parts) };
}

const secretId = (name: string) => `the secret "${name}"`;
const keySetId = (uri: string) => `the key set ${uri}`;

import type { Finding, Location, Severity, SuppressedFinding } from '@gitway/contracts';
import { locationOf, type ResourceIgnore, type RuleSetSpec } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import { finding } from '../findings.ts';
import { ignoreMatcher } from '../ignore-file.ts';
import type { ResourceIndex } from '../resource-index.ts';
import { isFixed } from './rule-levels.ts';

/** One `x-gitway-ignore` entry of a document. Findings name those around them by number (`DocumentFinding.ignoredBy`). */
export interface DocumentIgnore {
  readonly rule: string;
  readonly reason: string;
  /** A day, as in 2027-01-31, in UTC; it is the last on which the entry works. */
  readonly until: string;
  readonly where: Location;
}

/** A finding about a place in an OpenAPI document. */
export interface DocumentFinding extends Finding {
  /** Numbers of the entries of the document that name its rule and stand at it or around it. */
  readonly ignoredBy?: readonly number[];
  /** How grave it would be were what asks for it (a ruleset, a requirement) not on trial. */
  readonly onTrial?: Severity;
}

interface Entry {
  readonly rule: string;
  readonly reason: string;
  readonly until: string;
  readonly where: () => Location;
  readonly state: 'works' | 'expired' | 'too-long' | 'not-allowed' | 'unknown-rule';
  used: boolean;
}

const DAY_MS = 86_400_000;
const MAX_DAYS = 366;

/** What may be passed over, from all the places where that can be said, and what was. */
export class Suppressions {
  readonly #entries: Entry[] = [];
  readonly #byObject = new Map<string, { entry: Entry; field: string | undefined }[]>();
  readonly #anywhere: { entry: Entry; covers: (where: Location) => boolean }[] = [];
  readonly #byDocument = new Map<object, Entry[]>();
  readonly #now: Date | undefined;
  readonly #isKnown: (rule: string) => boolean;

  /**
   * Without `now` nobody can say what has expired, and nothing is suppressed.
   *
   * @param ruleSets those that count, where they are not the workspace's own
   */
  constructor(
    index: ResourceIndex,
    isKnown: (rule: string) => boolean,
    now: Date | undefined,
    ruleSets: readonly Located[] = index.all('RuleSet'),
  ) {
    this.#now = now;
    this.#isKnown = isKnown;
    for (const located of index.everything()) this.#addResource(located);
    for (const located of ruleSets) {
      // What a RuleSet on trial passes over would count again if it were not there.
      if ((located.resource.value.spec as RuleSetSpec).mode !== 'trial') this.#addRuleSet(located);
    }
  }

  /** The entry of a document, a resource or a RuleSet that covers a finding, if there is one that works. */
  coveringOf(found: DocumentFinding, object: string | undefined, document: DocumentIgnores | undefined) {
    const { rule, where } = found;
    if (isFixed(rule)) return undefined;
    const inDocument = (found.ignoredBy ?? []).map((number) => this.#ofDocument(document)[number]);
    const ofObject = (this.#byObject.get(object ?? where.object ?? '') ?? [])
      .filter(({ field }) => covers(field, where.field, object !== undefined))
      .map(({ entry }) => entry);
    const anywhere = this.#anywhere.filter((each) => each.covers(where)).map(({ entry }) => entry);
    const covering = [...inDocument, ...ofObject, ...anywhere].filter((entry) => entry?.rule === rule);
    for (const entry of covering) if (entry !== undefined) entry.used = true;
    return covering.find((entry) => entry?.state === 'works');
  }

  /** Whether any entry could cover a finding about the object and its document. */
  mayCover(object: string, document: DocumentIgnores): boolean {
    return this.#anywhere.length > 0 || document.ignores.length > 0 || this.#byObject.has(object);
  }

  /** `found` as it is kept in a report, suppressed. */
  static asSuppressed(
    { ignoredBy: _ignored, onTrial: _trial, ...found }: DocumentFinding,
    { reason, until, where }: Entry,
  ): SuppressedFinding {
    return { ...found, suppression: { reason, until, where: where() } };
  }

  /** What is wrong with the entries themselves. `complete`: all environments were compiled, so unused ones are known. */
  findings(complete: boolean): Finding[] {
    if (this.#now === undefined) return [];
    return this.#entries.flatMap((entry) => {
      const { rule, until } = entry;
      const say = (id: string, severity: 'warning' | 'info', message: string, hint: string) => [
        finding(id, severity, entry.where(), message, hint),
      ];
      if (entry.state === 'unknown-rule')
        return say('ignore-invalid', 'warning', `There is no rule \`${rule}\`.`, 'Name it as its findings do.');
      if (entry.state === 'not-allowed') {
        const message = `Findings of \`${rule}\` cannot be passed over.`;
        return say('ignore-invalid', 'warning', message, 'Mend what they point at, and delete this.');
      }
      if (entry.state === 'too-long') {
        const message = `\`until\` is ${until}, more than a year ahead; this is not applied.`;
        return say('ignore-invalid', 'warning', message, 'Give a day within a year.');
      }
      if (entry.state === 'expired') {
        const message = `This worked until ${until}; findings of \`${rule}\` count again.`;
        return say('ignore-expired', 'warning', message, 'Mend what they point at and delete this, or give a new day.');
      }
      if (entry.used || !complete) return [];
      return say('ignore-unused', 'info', `No finding of \`${rule}\` is here to be passed over.`, 'Delete it.');
    });
  }

  #ofDocument(document: DocumentIgnores | undefined): readonly Entry[] {
    if (document === undefined) return [];
    let entries = this.#byDocument.get(document);
    if (entries === undefined) {
      entries = document.ignores.map((each) => this.#entry(each, () => each.where));
      this.#byDocument.set(document, entries);
    }
    return entries;
  }

  /** Makes the entries of a document known, so that those that nothing asks for are told of. */
  learn(document: DocumentIgnores): void {
    if (document.ignores.length > 0) this.#ofDocument(document);
  }

  #addResource(located: Located): void {
    const { resource } = located;
    const name = `${resource.kind}/${resource.name}`;
    (resource.value.metadata.ignore ?? []).forEach((ignore: ResourceIgnore, number) => {
      const entry = this.#entry(ignore, () => locationOf(resource, ['metadata', 'ignore', number]));
      this.#byObject.set(name, [...(this.#byObject.get(name) ?? []), { entry, field: ignore.field }]);
    });
  }

  #addRuleSet({ resource }: Located): void {
    ((resource.value.spec as RuleSetSpec).ignore ?? []).forEach((ignore, number) => {
      const entry = this.#entry(ignore, () => locationOf(resource, ['spec', 'ignore', number]));
      const matches = ignore.files === undefined ? undefined : ignoreMatcher(ignore.files.join('\n'));
      const covered = ({ file }: Location) => matches === undefined || (file !== undefined && matches(file));
      this.#anywhere.push({ entry, covers: covered });
    });
  }

  #entry({ rule, reason, until }: Pick<Entry, 'rule' | 'reason' | 'until'>, where: () => Location): Entry {
    const end = Date.parse(`${until}T00:00:00Z`) + DAY_MS;
    const now = this.#now?.getTime();
    const state = isFixed(rule)
      ? 'not-allowed'
      : !this.#isKnown(rule)
        ? 'unknown-rule'
        : now === undefined || !(end > now)
          ? 'expired'
          : end - now > MAX_DAYS * DAY_MS
            ? 'too-long'
            : 'works';
    const entry: Entry = { rule, reason, until, where, state, used: false };
    this.#entries.push(entry);
    return entry;
  }
}

/** Whatever holds the entries of one document; the same object stands for the same document. */
export interface DocumentIgnores {
  readonly ignores: readonly DocumentIgnore[];
}

/** An entry for a field is not about the document of an Api, whose findings name no field of the resource. */
function covers(field: string | undefined, found: string | undefined, inDocument: boolean): boolean {
  if (field === undefined) return true;
  return !inDocument && (found === field || found?.startsWith(`${field}.`) === true);
}

import {
  type ApiUnit,
  canonicalJson,
  digestOf,
  type EffectivePolicy,
  type Operation,
  type PlanUnit,
} from '@gitway/contracts';

/** Operations that are treated alike. The first one is everything that no other names, undeclared calls included. */
export interface OperationGroup {
  readonly policy: Omit<EffectivePolicy, 'operations'>;
  /** Plans of the API that open it. */
  readonly plans: readonly string[];
  /** False where `allow` leaves the operation out. */
  readonly allowed: boolean;
  readonly operations: readonly Operation[];
}

/** An API as its policies see it: its unit, its plans, and its operations in groups. */
export class ApiScope {
  readonly groups: readonly OperationGroup[];
  private readonly groupOf: ReadonlyMap<string, number>;

  constructor(
    readonly api: ApiUnit,
    readonly plans: ReadonlyMap<string, PlanUnit>,
    /** Gateways that count with this one. */
    readonly peers: readonly string[] = [],
  ) {
    const { operations: overrides, ...own } = api.policy;
    const allowed = api.policy.allow?.operations;
    // A plan that opens certain operations opens nothing that is not declared.
    const whole = api.plans.filter((plan) => api.planOperations?.[plan] === undefined);
    const groups: (OperationGroup & { operations: Operation[] })[] = [
      { policy: own, plans: whole, allowed: allowed === undefined, operations: [] },
    ];
    const places = new Map<string, number>([[keyOf(undefined, whole, allowed === undefined), 0]]);
    const groupOf = new Map<string, number>();
    for (const operation of api.operations) {
      const override = overrides?.[operation.id];
      const opened = api.plans.filter((plan) => api.planOperations?.[plan]?.includes(operation.id) ?? true);
      const open = allowed?.includes(operation.id) ?? true;
      const key = keyOf(override, opened, open);
      let place = places.get(key);
      if (place === undefined) {
        place = groups.length;
        places.set(key, place);
        groups.push({ policy: { ...own, ...withoutGaps(override) }, plans: opened, allowed: open, operations: [] });
      }
      groups[place]?.operations.push(operation);
      groupOf.set(operation.id, place);
    }
    this.groups = groups;
    this.groupOf = groupOf;
  }

  /** Whether what is done depends on the operation, so that it has to be found for each call. */
  get needsOperation(): boolean {
    return this.groups.length > 1 || this.api.route.onlyDeclaredOperations === true;
  }

  group(operation: Operation): number {
    return this.groupOf.get(operation.id) ?? 0;
  }

  /**
   * Each different value of what is picked, with the condition that chooses its operations: none where all agree.
   * Values are compared as JSON.
   */
  each<T>(pick: (group: OperationGroup) => T): { readonly value: T; readonly when: readonly string[] }[] {
    const found = new Map<string, { value: T; groups: number[] }>();
    this.groups.forEach((group, index) => {
      const value = pick(group);
      const key = value === undefined ? '' : canonicalJson(value);
      const known = found.get(key);
      if (known === undefined) found.set(key, { value, groups: [index] });
      else known.groups.push(index);
    });
    if (found.size === 1) return [...found.values()].map(({ value }) => ({ value, when: [] }));
    return [...found.values()].map(({ value, groups }) => ({
      value,
      when: [`{ var(txn.group) -m str ${groups.join(' ')} }`],
    }));
  }
}

/** An override says only what differs. */
const withoutGaps = <T extends object>(override: T | undefined) =>
  Object.fromEntries(Object.entries(override ?? {}).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

const keyOf = (override: unknown, plans: readonly string[], allowed: boolean) =>
  canonicalJson({ override: override ?? null, plans, allowed });

/** Short name of a value's content, for names and keys within the configuration. */
export const shortDigest = (value: unknown, length = 10) =>
  digestOf(value).slice('sha256-'.length, 'sha256-'.length + length);

import { Environment } from '@marcbachmann/cel-js';
import { isIp, isLinkLocal, isLoopback, isPrivate } from './hosts.ts';
import { guardrailLimits } from './limits.ts';
import { types, variablesOf, type GuardrailKind } from './types.ts';
import { classes } from './values.ts';

/** Functions and methods that expressions may use. What could make values without bound, or depends on the machine, is not among them. */
export const functions: ReadonlySet<string> = new Set([
  ...['has', 'size', 'string', 'int', 'double', 'bool', 'duration', 'timestamp'],
  ...['isIp', 'isLoopback', 'isLinkLocal', 'isPrivate'],
]);
export const methods: ReadonlySet<string> = new Set([
  ...['all', 'exists', 'exists_one', 'map', 'filter', 'size', 'join'],
  ...['startsWith', 'endsWith', 'contains', 'matches', 'lowerAscii', 'upperAscii', 'trim'],
  ...['indexOf', 'lastIndexOf', 'substring', 'split'],
  ...['getFullYear', 'getMonth', 'getDate', 'getDayOfWeek', 'getHours', 'getMinutes', 'getSeconds'],
]);

const environments = new Map<GuardrailKind, Environment>();

/** The declared names and types for guardrails of one kind. */
export function environmentFor(kind: GuardrailKind): Environment {
  const kept = environments.get(kind);
  if (kept !== undefined) return kept;
  const environment = new Environment({
    limits: {
      maxAstNodes: guardrailLimits.maxAstNodes,
      maxDepth: guardrailLimits.maxDepth,
      maxListElements: guardrailLimits.maxLiteralElements,
      maxMapEntries: guardrailLimits.maxLiteralElements,
    },
  });
  for (const name of inOrderOfUse()) {
    const fields = Object.fromEntries(Object.entries(types[name]!).map(([key, { type }]) => [key, type]));
    environment.registerType(name, { ctor: classes[name]!, fields });
  }
  for (const [name, type] of Object.entries(variablesOf(kind))) environment.registerVariable(name, type);
  environment
    .registerFunction('isIp(string): bool', isIp)
    .registerFunction('isLoopback(string): bool', isLoopback)
    .registerFunction('isLinkLocal(string): bool', isLinkLocal)
    .registerFunction('isPrivate(string): bool', isPrivate);
  environments.set(kind, environment);
  return environment;
}

/** A type before those that have fields of it. */
function inOrderOfUse(): string[] {
  const order: string[] = [];
  const visit = (name: string) => {
    if (order.includes(name)) return;
    for (const { type } of Object.values(types[name]!)) {
      const inner = /^list<(.+)>$/.exec(type)?.[1] ?? type;
      if (inner in types) visit(inner);
    }
    order.push(name);
  };
  for (const name of Object.keys(types)) visit(name);
  return order;
}

import type { Finding, Location, Severity } from '@gitway/contracts';
import { ruleOf } from './rules/index.ts';

export function finding(rule: string, severity: Severity, where: Location, message: string, hint?: string): Finding {
  return { rule, severity, where, message, ...(hint === undefined ? {} : { hint }) };
}

export const hasErrors = (findings: readonly Finding[]) => findings.some((item) => item.severity === 'error');

/** Each finding once, with something to do about it; errors first, then by file and place. */
export function orderFindings<F extends Finding>(findings: Iterable<F>): F[] {
  const once = new Map<string, F>();
  for (const item of findings) {
    const key = JSON.stringify([item.rule, item.severity, item.where, item.message]);
    const fix = item.hint === undefined ? ruleOf(item.rule)?.fix : undefined;
    once.set(key, fix === undefined ? item : { ...item, hint: fix });
  }
  return [...once.values()].sort(inOrder);
}

function inOrder(a: Finding, b: Finding): number {
  return (
    weight[a.severity] - weight[b.severity] ||
    compare(a.where.file ?? '', b.where.file ?? '') ||
    (a.where.range?.line ?? 0) - (b.where.range?.line ?? 0) ||
    (a.where.range?.column ?? 0) - (b.where.range?.column ?? 0) ||
    compare(a.rule, b.rule) ||
    compare(a.message, b.message)
  );
}

export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const weight: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

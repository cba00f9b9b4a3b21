import * as contracts from '@gitway/contracts';
import type { Rule } from '../rule.ts';
import { lineOf } from '../source-text.ts';
import type { WorkspacePackage } from '../workspace.ts';

/** Handled for every service by the transport of @gitway/messaging. */
const handledByTransport = new Set(['replay-requested']);

const definitions = new Set<unknown>(contracts.allEvents);
/** `commitDetected` → `commit-detected`, as the contracts export them. */
const factByExport = new Map(
  Object.entries(contracts)
    .filter(([, value]) => definitions.has(value))
    .map(([name, value]) => [name, (value as contracts.EventDefinition).fact]),
);

export const handlers: Rule = {
  id: 'handlers',
  reason: 'What a service handles is what the contracts say it consumes; NATS permissions are made from that table.',
  check(workspace) {
    return workspace.packages
      .filter((pkg) => pkg.tags.includes('layer:service'))
      .flatMap((pkg) => {
        const contract = (contracts.services as Record<string, contracts.ServiceContract>)[
          pkg.name.replace('@gitway/', '')
        ];
        const manifest = { file: `${pkg.directory}/package.json`, line: 1 };
        if (contract === undefined)
          return [{ ...manifest, message: 'is not in the table of services in @gitway/contracts' }];
        const found = handlersOf(pkg);
        const unknown = found
          .filter(({ fact }) => fact === null)
          .map(({ file, line, name }) => ({
            file,
            line,
            message: `handles ${name}, which is no fact of @gitway/contracts`,
          }));
        const handled = new Set(found.map(({ fact }) => fact));
        const consumed = contract.consumes === '*' ? ['*'] : contract.consumes;
        const missing = [...consumed, ...(contract.uses.includes('traffic:read') ? ['traffic'] : [])]
          .filter((fact) => !handledByTransport.has(fact) && !handled.has(fact))
          .map((fact) => ({
            ...manifest,
            message: `consumes ${fact === '*' ? 'every fact' : fact} by contract and has no handler for it`,
          }));
        const undeclared = found
          .filter(({ fact }) => fact !== null && !isDeclared(fact, contract))
          .map(({ file, line, fact }) => ({
            file,
            line,
            message: `handles ${fact}, which it does not consume by contract`,
          }));
        return [...unknown, ...missing, ...undeclared];
      });
  },
};

function isDeclared(fact: string, contract: contracts.ServiceContract): boolean {
  if (fact === 'traffic') return contract.uses.includes('traffic:read');
  return contract.consumes === '*' || contract.consumes.includes(fact);
}

/** The facts that its decorators name: `*` for every fact, `traffic` for batches, null for what is not known. */
function handlersOf(pkg: WorkspacePackage): { file: string; line: number; name: string; fact: string | null }[] {
  return pkg.files
    .filter((file) => !file.test)
    .flatMap((file) =>
      [...file.bareCode.matchAll(/@On(Fact\(\s*(?<name>[\w.]+)|AnyFact\(|Traffic\()/g)].map((match) => {
        const name = match.groups?.['name'] ?? '';
        const fact = match[1]!.startsWith('AnyFact')
          ? '*'
          : match[1]!.startsWith('Traffic')
            ? 'traffic'
            : factByExport.get(name);
        return { file: file.path, line: lineOf(file.bareCode, match.index), name, fact: fact ?? null };
      }),
    );
}

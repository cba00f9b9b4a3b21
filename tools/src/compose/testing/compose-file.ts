import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '../../repository-root.ts';

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly target: string };
  readonly command?: readonly string[];
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly networks?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: unknown;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly restart?: string;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly networks: Readonly<Record<string, unknown>>;
}

export const composeText = readFileSync(join(repositoryRoot, 'docker-compose.yml'), 'utf8');

/** With no variable set, as `docker compose config` fills the defaults in. */
export function readCompose(): ComposeFile {
  const filled = composeText.replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1');
  return parse(filled, { merge: true, maxAliasCount: -1 }) as ComposeFile;
}

export const dockerfile = readFileSync(join(repositoryRoot, 'deploy', 'docker', 'Dockerfile'), 'utf8');

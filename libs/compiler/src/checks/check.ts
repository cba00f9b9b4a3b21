import type { Finding } from '@gitway/contracts';
import type { EnvironmentResource } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import type { CompiledApi } from '../environment/compile-api.ts';
import type { FilledIn } from '../environment/fill-in.ts';
import type { PemFiles } from '../pem-files.ts';
import type { ResourceIndex } from '../resource-index.ts';
import type { CompileCache } from '../workspace.ts';
import type { CheckSettings } from './settings.ts';

/** One environment as it was compiled. All lists are in order of name. */
export interface EnvironmentView {
  readonly environment: Located;
  readonly spec: EnvironmentResource['spec'];
  readonly apis: readonly CompiledApi[];
  readonly policies: readonly FilledIn[];
  readonly plans: readonly FilledIn[];
  readonly consumers: readonly FilledIn[];
  readonly gateways: readonly FilledIn[];
  readonly settings: CheckSettings;
  readonly pems: PemFiles;
  readonly cache: CompileCache;
  readonly now: Date | undefined;
}

/** All resources before any environment has its say. */
export interface WorkspaceView {
  readonly index: ResourceIndex;
  readonly cache: CompileCache;
}

/** Looks at an environment as a whole; must cost no more than a look at each of its parts. */
export interface EnvironmentCheck {
  /** It says that something is nowhere: with a part missing (one that did not compile) it would be wrong. */
  readonly needsAll: boolean;
  run(view: EnvironmentView): Finding[];
}

/** Looks at one API as compiled, and at nothing else: asked once for an API that stays as it is. */
export interface ApiCheck {
  /** Says nothing while a policy cannot be read: what seems to be lacking may stand in it. */
  readonly needsPolicies?: true;
  run(api: CompiledApi, environment: string, settings: CheckSettings): Finding[];
}

/** Looks at the resources once, whatever the environments are. */
export interface WorkspaceCheck {
  readonly needsAll: boolean;
  run(view: WorkspaceView): Finding[];
}

/** More of one kind than anybody reads are cut off. */
export const MAX_ALIKE = 200;

import { z } from 'zod';
import { commitSchema } from '../names.ts';

/** One file of a commit, as Git's tree has it. `content` of a file is the artifact `blob.<oid>`. */
export const treeEntrySchema = z.object({
  path: z.string().min(1),
  oid: commitSchema,
  /** Bytes of the blob. */
  size: z.int().nonnegative(),
  /** Git's file mode; symlinks (`120000`) and submodules (`160000`) are listed and never followed. */
  mode: z.enum(['100644', '100755', '120000', '160000']),
});

/** The files of one commit, sorted by path (code units). Blobs that Gitway reads are in the artifact store. */
export const treeSchema = z.object({ commit: commitSchema, entries: z.array(treeEntrySchema) });

/**
 * Files that Gitway reads, and whose content is kept: resources, documents, rulesets, certificates and public keys, and
 * the functions of rulesets. Those are JavaScript in folders that are called so: repositories are full of other.
 */
export const isReadFile = (path: string) =>
  /\.(ya?ml|json|pem|crt|cer)$|^\.gitwayignore$/i.test(path) || isRulesetFunction(path);

const isRulesetFunction = (path: string) =>
  /(^|\/)\.?(functions|rules|rulesets|lint|spectral|style)\/(.*\/)?[^/]+\.[cm]?js$/i.test(path) &&
  !/(^|\/)node_modules\//.test(path);

export type TreeEntry = z.infer<typeof treeEntrySchema>;
export type Tree = z.infer<typeof treeSchema>;

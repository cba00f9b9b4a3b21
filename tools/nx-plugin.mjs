/**
 * Gives every package the same tasks, so that Nx can run what a change affects:
 *
 *   npx nx affected -t test        the specs of what changed and of what stands on it
 *   npx nx run-many -t build       everything, in the order of dependencies
 */
import { dirname } from 'node:path';

export const name = 'gitway-tasks';

export const createNodes = [
  '{libs/*,services/*,cli,examples,tools,bench,e2e}/package.json',
  (files) => files.map((file) => [file, { projects: { [dirname(file)]: { targets: targetsOf(dirname(file)) } } }]),
];
export const createNodesV2 = createNodes;

function targetsOf(root) {
  return {
    build: {
      command: `tsc -b ${root}`,
      dependsOn: ['^build'],
      inputs: ['default', '^default'],
      outputs: ['{projectRoot}/dist'],
      cache: true,
    },
    // What a test says of real servers depends on the machine as well, so only the unit tier is remembered.
    unit: {
      command: `node tools/bootstrap.mjs test --tier unit ${root}/`,
      inputs: ['default', '^default'],
      cache: true,
      parallelism: false,
    },
    test: { command: `node tools/bootstrap.mjs test --tier unit --tier int ${root}/`, parallelism: false },
  };
}

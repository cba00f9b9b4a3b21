#!/usr/bin/env node
// For tools that clone this repository and run a file of it, such as pre-commit: installs and builds it first, once.
process.argv.splice(2, 0, 'gitway');
// `npm run gitway` looks here for the folder that it was called in.
process.env.INIT_CWD = process.cwd();
await import('../../tools/bootstrap.mjs');

export * from './engine-version.ts';
export * from './document-pool.ts';
export * from './disk-cache.ts';
export * from './layered-cache.ts';
export * from './remote/index.ts';

export * from './load-config.ts';
export * from './shapes.ts';
export * from './variables.ts';

export * from './inventory.ts';
export * from './diff-inventories.ts';
export * from './search-text.ts';

export * from './gitway-error.ts';
export * from './mapping.ts';

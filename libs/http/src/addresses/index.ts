export * from './address-range.ts';
export * from './guarded-addresses.ts';

import type { Capability } from '../driver.ts';

export const native = (field: string, how: string): Capability => ({ field, support: 'native', how });
/** By something that runs beside the gateway. */
export const helper = (field: string, how: string): Capability => ({ field, support: 'helper', how });
export const no = (field: string, how = 'not possible with this driver'): Capability => ({ field, support: 'no', how });
export const elsewhere = (field: string, how: string): Capability =>
  native(field, `${how}; nothing to do at the gateway`);

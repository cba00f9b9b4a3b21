/** The service's configuration, as its `config.ts` parsed it. */
export const CONFIG = Symbol('CONFIG');

/** Which service this is: an `Owner` of the contracts. */
export const SERVICE_NAME = Symbol('SERVICE_NAME');

export const NATS_CONNECTION = Symbol('NATS_CONNECTION');

/** Of hooks that start servers: the first one may have to download them. */
export const setUpTimeoutMs = 240_000;

/** Names that the rendered configuration and the agent that runs it have in common. */
export const MAIN_FILE = 'haproxy.cfg';
export const ADMIN_SOCKET = 'admin.sock';
export const PEERS_SOCKET = 'peers.sock';
export const FRONTEND = 'gitway';
/** What every section begins with; shapes add rules to it. */
export const DEFAULTS = 'gitway';

/** The revision marker: answers 204 with both headers to whoever knows the token, and is no route to anybody else. */
export const PROBE_PATH = '/.gitway/revision';
export const PROBE_HEADER = 'x-gitway-probe';
export const SNAPSHOT_HEADER = 'gitway-snapshot';
export const PROCESS_HEADER = 'gitway-process';

/** What the marker says when no snapshot was applied yet. */
export const NO_SNAPSHOT = 'none';

/** Maps whose keys or values are made from credentials. */
export const SECRET_MAPS: ReadonlySet<string> = new Set(['blocked-keys', 'keys', 'passwords', 'token-secrets']);

/** What the access log says of a token that names a key that is not there. */
export const UNKNOWN_TOKEN_KEY = 'unknown-token-key';

/** Maps that rules write to: what is in them says nothing of what was applied. */
export const OWN_MAPS: ReadonlySet<string> = new Set(['verified']);

/** HAProxy holds times as signed 32-bit milliseconds. */
export const MAX_TIME_MS = 2_147_483_647;
export const MAX_COUNT = 2_147_483_647;

/** Linux allows 107 bytes in a socket address and HAProxy binds under a temporary name ten longer. */
export const MAX_SOCKET_PATH = 97;

export const backendName = (api: string, pool: string) => `${api}.${pool}`;
/** Table of counters: how long an entry is kept, and how many numbers it holds. */
export const limitTable = (kept: string, size: number) => `counts_${kept}_${size}`;

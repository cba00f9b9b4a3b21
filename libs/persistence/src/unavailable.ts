/** PostgreSQL's classes of error in which nothing is wrong with the request: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const passing = /^(08|40|53|55P03|57P0[1235])/;

const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT']);

/**
 * Whether the database (or the way to it) was away, or two transactions collided: the same work may succeed later,
 * however often it has failed, so nobody should give up on it or blame it.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    const code = (current as { code?: unknown }).code;
    if (typeof code === 'string' && (passing.test(code) || network.has(code))) return true;
    if (
      /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|the database system is/.test(
        current.message,
      )
    ) {
      return true;
    }
  }
  return false;
}

/** The name under which the compiler's per-document work is kept; changes with what it computes. */
export const hostFormat = 1;

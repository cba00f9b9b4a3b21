/** The names that `ldd` reports as `not found`. */
export function missingLibraries(lddOutput: string): string[] {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1] ?? '');
}

/**
 * Of what `apt-get install -s` would install, the packages worth unpacking: libraries, without those that only work
 * where the system has put them (the C library) and without the compiler that Postgres uses for JIT, which is off.
 */
export function aptNamesToUnpack(simulation: string, alreadyUnpacked: readonly string[]): string[] {
  return [...simulation.matchAll(/^Inst (\S+)/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => name.startsWith('lib'))
    .filter((name) => !/^(libc6|libc-bin|libc-l10n|libllvm|libperl)/.test(name))
    .filter((name) => !alreadyUnpacked.includes(name));
}

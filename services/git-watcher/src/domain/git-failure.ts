import { ForbiddenError, GitwayError, InternalError, NotFoundError, TransientError } from '@gitway/errors';

/**
 * What a git process that failed means, and what to do about it. The text that git printed is cut, freed of
 * credentials and kept as part of the message.
 *
 * - `mirror-corrupt`: the local copy is not usable; a new one is made.
 * - `mirror-locked`: a process that is gone has left a lock file.
 * - `push-outrun`: somebody else's push was faster.
 */
export function failureOf(action: string, said: string): GitwayError {
  const text = withoutCredentials(said.replaceAll(progress, ''))
    .trim()
    .replaceAll(/\s*\n\s*/g, '; ')
    .slice(0, 500);
  const because = text === '' ? '' : ` Git said: ${text}`;
  if (
    /\[(remote )?rejected\][^\n(]*\((fetch first|non-fast-forward|stale info|cannot lock ref[^)]*|failed to update ref|incorrect old value provided)/i.test(
      said,
    )
  ) {
    return new TransientError('push-outrun', `Git could not ${action}: the branch has moved meanwhile.${because}`);
  }
  if (/\[remote rejected\]|protected branch|pre-receive hook declined/i.test(said)) {
    return new ForbiddenError(
      'push-declined',
      `Git could not ${action}: the server's rules do not let this token push to the branch; allow it there, or revert by hand.${because}`,
    );
  }
  if (/Unable to create '[^']*\.lock'|cannot lock ref|Unable to lock|could not lock/i.test(said)) {
    return new TransientError('mirror-locked', `Git could not ${action}: a lock file is in the way.${because}`);
  }
  if (corrupt.test(said)) {
    return new InternalError('mirror-corrupt', `Git could not ${action}: the local mirror is damaged.${because}`);
  }
  if (/Authentication failed|could not read (Username|Password)|The requested URL returned error: 40[13]/i.test(said)) {
    return new ForbiddenError(
      'repository-refused',
      `Git could not ${action}: the server refuses these credentials; give the source a token that may do this.${because}`,
    );
  }
  if (/repository '[^']*' not found|returned error: 404|does not appear to be a git repository/i.test(said)) {
    return new NotFoundError(
      'repository-not-found',
      `Git could not ${action}: there is no such repository for these credentials; check the URL and the token.${because}`,
    );
  }
  if (/unable to update url base from redirection|returned error: 30[1278]/i.test(said)) {
    return new NotFoundError(
      'repository-moved',
      `Git could not ${action}: the server answers with a redirection, which is not followed; put the new URL into the source.${because}`,
    );
  }
  if (/No space left on device|Disk quota exceeded/i.test(said)) {
    return new TransientError('disk-full', `Git could not ${action}: the disk is full; free some space.${because}`);
  }
  return new TransientError('git-failed', `Git could not ${action}; it is tried again.${because}`);
}

/** Lines by which git shows how far it is. */
const progress =
  /^(remote: )?(Enumerating|Counting|Compressing|Receiving|Resolving|Writing|Unpacking|Total|Delta|To http)[^\n]*$/gm;

const corrupt =
  /not a git repository|object file .* is empty|loose object .* is corrupt|bad object|missing (blob|tree|commit)|unable to read (tree|sha1|[0-9a-f]{40})|invalid object|did not send all necessary objects|inflate: data stream error|packfile .* (cannot be accessed|is truncated|claims|index unavailable)|file .*\.pack .*(mismatch|not available)|bad (index|pack) file|wrong index v|unknown index version|index file .* is too small|bad config (line|file)|unable to unpack|garbage at end of loose|bad signature|does not match index|Could not read [0-9a-f]{40}|unable to parse object/i;

/** Removes what stands between `//` and `@` in any URL of a text, and header values that carry secrets. */
export function withoutCredentials(text: string): string {
  return text
    .replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1***@')
    .replaceAll(/(authorization: *(?:basic|bearer)) +\S+/gi, '$1 ***');
}

import type { DeadLetter } from '@gitway/contracts';
import type { Commit } from '@gitway/messaging';
import { DeadLetterRow } from '../adapters/dead-letter.entity.ts';

/** As long as the dead-letter stream itself keeps them at most: what is older cannot be replayed. */
const KEPT = 1_000;

/** What some service has given up on becomes visible at `/api/dead-letters`. */
export class RememberDeadLetter {
  run(letter: DeadLetter): Commit {
    return async ({ manager }) => {
      await manager
        .createQueryBuilder()
        .insert()
        .into(DeadLetterRow)
        .values({ sequence: String(letter.sequence), at: new Date(letter.at), letter: printable(letter) })
        .orIgnore()
        .execute();
      await manager.query('DELETE FROM dead_letters WHERE sequence <= $1', [letter.sequence - KEPT]);
    };
  }
}

/** `jsonb` holds no NUL, and an error's message may hold anything, of any length. */
function printable(letter: DeadLetter): DeadLetter {
  const { slug, message } = letter.error;
  return { ...letter, error: { slug, message: message.replaceAll('\0', '\uFFFD').slice(0, 4_000) } };
}

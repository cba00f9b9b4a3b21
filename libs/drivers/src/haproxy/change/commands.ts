import { serverAddress } from '../syntax.ts';
import type { Act } from './act.ts';

/** What is said to HAProxy's admin socket at once, and how its answer has to read. */
export interface Command {
  readonly text: string;
  /** The acts it is made from, as a person reads them. */
  readonly about: string;
  readonly succeeded: (answer: string) => boolean;
}

/** HAProxy reads a command with its payload into one buffer of 16 KiB. */
export const MOST_BYTES = 12_000;

const silent = (answer: string) => answer.trim() === '';

export function commandsOf(act: Act): Command[] {
  switch (act.kind) {
    case 'map-add':
      return payloads(act.entries).map((payload) => ({
        text: `add map ${act.path} <<\n${payload}`,
        about: `add to ${act.path}`,
        succeeded: silent,
      }));
    case 'map-set':
      return [command(`set map ${act.path} ${word(act.key)} ${word(act.value)}`, `set in ${act.path}`)];
    case 'map-delete':
      return [whereThere(command(`del map ${act.path} ${word(act.key)}`, `delete from ${act.path}`))];
    case 'map-replace':
      return [];
    case 'certificate-set':
      return [
        {
          text: `set ssl cert ${act.file} <<\n${act.text}`,
          about: `take the certificate for ${act.file}`,
          succeeded: (answer) => /Transaction (created|updated)/.test(answer),
        },
        command(`commit ssl cert ${act.file}`, `show the certificate for ${act.file}`, 'Success!'),
      ];
    case 'server-add': {
      const { backend, server, host, port, settings, checked } = act.server;
      const name = `${backend}/${server}`;
      return [
        command(
          `add server ${name} ${serverAddress(host, port)} ${settings}`,
          `add server ${name}`,
          'New server registered',
        ),
        ...(checked ? [command(`enable health ${name}`, `check server ${name}`)] : []),
        command(`enable server ${name}`, `enable server ${name}`),
      ];
    }
    case 'server-weight': {
      const name = `${act.backend}/${act.server}`;
      return [command(`set server ${name} weight ${act.weight}`, `weigh server ${name}`)];
    }
    case 'server-disable':
      return [whereThere(command(`disable server ${act.backend}/${act.server}`, `disable server of ${act.backend}`))];
    case 'server-delete': {
      const name = `${act.backend}/${act.server}`;
      return [whereThere(command(`del server ${name}`, `delete server ${name}`, 'Server deleted'))];
    }
  }
}

/** The commands that fill a prepared version of a map; `version` is what `prepare map` answered. */
export function replacementOf(
  path: string,
  version: string,
  entries: readonly (readonly [string, string])[],
): Command[] {
  return [
    ...payloads(entries).map((payload) => ({
      text: `add map @${version} ${path} <<\n${payload}`,
      about: `add to ${path}`,
      succeeded: silent,
    })),
    command(`commit map @${version} ${path}`, `replace ${path}`),
  ];
}

function command(text: string, about: string, answer?: string): Command {
  return { text, about, succeeded: answer === undefined ? silent : (given) => given.includes(answer) };
}

/** What is to go may be gone. */
const whereThere = ({ succeeded, ...rest }: Command): Command => ({
  ...rest,
  succeeded: (answer) => succeeded(answer) || /not found|No such (server|backend)/i.test(answer),
});

/** A word of a command: white space, `;` and `\` end or change it unless they are escaped. */
const word = (text: string) => text.replace(/[\\ ;]/g, '\\$&');

/** Lines `key value`, as in a map file, in pieces that fit; an empty line ends one. */
function payloads(entries: readonly (readonly [string, string])[]): string[] {
  const pieces: string[] = [];
  let piece: string[] = [];
  let bytes = 0;
  const end = () => {
    if (piece.length > 0) pieces.push(`${piece.join('\n')}\n`);
    piece = [];
    bytes = 0;
  };
  for (const [key, value] of entries) {
    const line = `${key} ${value}`;
    const size = Buffer.byteLength(line) + 1;
    if (bytes + size > MOST_BYTES) end();
    piece.push(line);
    bytes += size;
  }
  end();
  return pieces;
}

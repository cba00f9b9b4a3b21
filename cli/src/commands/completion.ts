import { InvalidInputError } from '@gitway/errors';
import { kinds } from '@gitway/resources';
import type { Command, Option } from 'commander';
import { allExplanations } from '../check/explanations.ts';
import { examples, type Context } from './context.ts';

interface Node {
  /** `dead-letters replay`; empty for the program itself. */
  readonly path: string;
  readonly words: { readonly word: string; readonly about: string }[];
}

export function addCompletion(program: Command, { io }: Context): void {
  program
    .command('completion')
    .argument('<shell>', 'bash, zsh or fish')
    .description('a script that completes commands and options with the tab key')
    .addHelpText(
      'after',
      examples(
        'source <(gitway completion bash)',
        'gitway completion zsh > ~/.zfunc/_gitway',
        'gitway completion fish > ~/.config/fish/completions/gitway.fish',
      ),
    )
    .action(async (shell: string) => {
      const values = await valuesByCommand();
      const nodes = nodesOf(program, '').map((node) => ({
        ...node,
        words: [...node.words, ...(values.get(node.path) ?? [])],
      }));
      if (shell === 'bash') io.out(bash(nodes));
      else if (shell === 'zsh') io.out(zsh(nodes));
      else if (shell === 'fish') io.out(fish(nodes));
      else throw new InvalidInputError('unknown-shell', `${shell} is not known here: bash, zsh or fish.`);
    });
}

type Words = Node['words'];

/** What may stand after a command beside its options, where there is a list of it. */
async function valuesByCommand(): Promise<ReadonlyMap<string, Words>> {
  const explained = await allExplanations();
  const rules = explained.map(({ id, from }) => ({ word: id, about: from as string }));
  const guardrails = rules.filter(({ about }) => about === 'guardrail');
  return new Map<string, Words>([
    ['explain', rules],
    ['rules explain', guardrails],
    ['schema', kinds.map((kind) => ({ word: kind, about: 'kind of resource' }))],
  ]);
}

function nodesOf(command: Command, path: string): Node[] {
  const options = optionsOf(command).flatMap((option) =>
    option.long == null ? [] : [{ word: option.long, about: option.description }],
  );
  const children = command.commands.map((child) => ({ word: child.name(), about: child.description() }));
  const below = command.commands.flatMap((child) =>
    nodesOf(child, path === '' ? child.name() : `${path} ${child.name()}`),
  );
  return [{ path, words: [...children, ...options, { word: '--help', about: 'help' }] }, ...below];
}

function optionsOf(command: Command): Option[] {
  const own = [...command.options];
  return command.parent === null ? own : [...own, ...optionsOf(command.parent)];
}

/** The deepest command that the words so far name, in shell: sets `at` (`path` is another name of PATH in zsh). */
const findPath = (nodes: Node[]) =>
  nodes
    .filter(({ path }) => path !== '')
    .map(({ path }) => `      "${path}") at="${path}" ;;`)
    .join('\n');

const bash = (nodes: Node[]) => `# gitway completion for bash
_gitway() {
  local current="\${COMP_WORDS[COMP_CWORD]}" at="" try word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    try="\${at:+$at }$word"
    case "$try" in
${findPath(nodes)}
    esac
  done
  case "$at" in
${nodes.map(({ path, words }) => `    "${path}") COMPREPLY=($(compgen -W "${words.map(({ word }) => word).join(' ')}" -- "$current")) ;;`).join('\n')}
  esac
  if [[ \${#COMPREPLY[@]} -eq 0 && "$at" == "check" ]]; then COMPREPLY=($(compgen -d -- "$current")); fi
}
complete -F _gitway gitway
`;

const quoteZsh = (text: string) => text.replaceAll("'", "'\\''").replaceAll(':', '\\:');
const zsh = (nodes: Node[]) => `#compdef gitway
_gitway() {
  local at="" try word
  local -a candidates
  for word in "\${words[@]:1:$((CURRENT-2))}"; do
    try="\${at:+$at }$word"
    case "$try" in
${findPath(nodes)}
    esac
  done
  case "$at" in
${nodes.map(({ path, words }) => `    "${path}") candidates=(${words.map(({ word, about }) => `'${word}:${quoteZsh(about)}'`).join(' ')}) ;;`).join('\n')}
  esac
  _describe 'gitway' candidates
  [[ "$at" == "check" ]] && _files -/
}
if [ "$funcstack[1]" = "_gitway" ]; then _gitway "$@"; else compdef _gitway gitway; fi
`;

const quoteFish = (text: string) => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
const fish = (nodes: Node[]) => {
  const lines = nodes.flatMap(({ path, words }) => {
    const children = nodes.filter((node) => node.path !== '' && node.path.split(' ').slice(0, -1).join(' ') === path);
    const not = children.map((child) => child.path.split(' ').at(-1)).join(' ');
    const seen =
      path === ''
        ? ''
        : path
            .split(' ')
            .map((word) => `__fish_seen_subcommand_from ${word}`)
            .join('; and ');
    const without = not === '' ? '' : `not __fish_seen_subcommand_from ${not}`;
    const condition = [seen, without].filter((part) => part !== '').join('; and ');
    return words.map(({ word, about }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c gitway -n '${condition || 'true'}' ${what} -d '${quoteFish(about)}'`;
    });
  });
  return `# gitway completion for fish\n${lines.join('\n')}\n`;
};

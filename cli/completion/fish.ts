/** Completion for fish, with what each option means beside it. */
import { type CommandSpec, type OptionSpec, quoted, type Value } from './spec.ts';

/** @param spec the program itself, then its commands */
export function fishScript([program, ...commands]: CommandSpec[]): string {
  const all = commands.flatMap(({ names }) => names);
  return `# Completion of gcd-sfn for fish. Save it with: gcd-sfn completion fish > ~/.config/fish/completions/gcd-sfn.fish

# Names of the runs of the project that the line names, or of the one in the current folder.
function __gcd_sfn_runs
    set -l folder .
    set -l words (commandline -opc)
    for index in (seq (count $words))
        switch $words[$index]
            case -p --project
                set -q words[(math $index + 1)]; and set folder $words[(math $index + 1)]
            case '--project=*'
                set folder (string replace -- --project= '' $words[$index])
        end
    end
    set folder (string replace -r '^~' $HOME -- $folder)
    for path in $folder/.gcd/runs/*/
        basename $path
    end
end

complete -c gcd-sfn -f
${(program?.options ?? []).map((option) => `complete -c gcd-sfn ${optionWords(option)}`).join('\n')}
${commands.flatMap(({ names, summary }) => names.map((name) => `complete -c gcd-sfn -n 'not __fish_seen_subcommand_from ${all.join(' ')}' -a ${name} -d ${quotedHere(summary)}`)).join('\n')}
${commands.map(section).join('\n')}
`;
}

function section({ names, options, values }: CommandSpec): string {
  const within = `complete -c gcd-sfn -n '__fish_seen_subcommand_from ${names.join(' ')}'`;
  return [
    ...values.filter(({ value }) => value.kind !== 'other').map(({ value }) => `${within} ${words(value)}`),
    ...options.map((option) => `${within} ${optionWords(option)}`),
  ].join('\n');
}

function optionWords({ flags, description, value }: OptionSpec): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  return [...names, ...(value ? ['-x', words(value)] : []), '-d', quotedHere(description)]
    .filter((word) => word !== '')
    .join(' ');
}

function words(value: Value): string {
  switch (value.kind) {
    case 'folder':
      return `-a '(__fish_complete_directories)'`;
    case 'run':
      return `-a '(__gcd_sfn_runs)'`;
    case 'words':
      return `-a ${quoted(value.words.join(' '))}`;
    case 'other':
      return '';
  }
}

/** Between single quotes fish knows \\' and \\\\. */
const quotedHere = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

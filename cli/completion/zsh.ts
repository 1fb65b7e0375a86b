/** Completion for zsh, with what each option means beside it. */
import { type CommandSpec, type OptionSpec, quoted, type Value } from './spec.ts';

/** @param spec the program itself, then its commands */
export function zshScript([program, ...commands]: CommandSpec[]): string {
  const described = commands.flatMap(({ names, summary }) =>
    names.map((name) => `    ${quoted(`${name}:${summary}`)}`),
  );
  return `#compdef gcd-sfn
# Completion of gcd-sfn for zsh. Load it with: source <(gcd-sfn completion zsh)

# Names of the runs of the project that the line names, or of the one in the current folder.
_gcd-sfn_runs() {
  # As on the line, with each backslash doubled by _arguments.
  local folder=\${opt_args[--project]:-\${opt_args[-p]:-.}}
  folder=\${(Q)\${folder//\\\\\\\\/\\\\}}
  local -a runs=(\${folder/#\\~/$HOME}/.gcd/runs/*(N/:t))
  (( $#runs )) && compadd -a runs
}

_gcd-sfn() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands=(
${described.join('\n')}
  )
  _arguments -C \\
${(program?.options ?? []).map((option) => `    ${argument(option)} \\`).join('\n')}
    '1:command:->command' \\
    '*::argument:->argument'
  case $state in
    command) _describe -t commands command commands ;;
    argument)
      case $line[1] in
${commands.map(section).join('\n')}
      esac ;;
  esac
}

if [[ $funcstack[1] == _gcd-sfn ]]; then _gcd-sfn "$@"; else compdef _gcd-sfn gcd-sfn; fi
`;
}

function section({ names, options, values }: CommandSpec): string {
  const lines = [
    ...options.map(argument),
    ...values.map(({ name, value }, index) => quoted(`${index + 1}::${name}:${action(value)}`)),
  ];
  return `        ${names.join('|')}) _arguments \\\n${lines.map((line) => `          ${line}`).join(' \\\n')} ;;`;
}

/** As _arguments wants it: \`'(-p --project)'{-p,--project=}'[what it is]:folder:_files -/'\`. */
function argument({ flags, description, value, valueName, repeatable }: OptionSpec): string {
  const text = `[${description.replace(/[[\]\\]/g, '\\$&')}]${value ? `:${valueName}:${action(value)}` : ''}`;
  const spelt = flags.map((flag) => (value && flag.startsWith('--') ? `${flag}=` : flag));
  const excluded = repeatable ? '*' : `(${flags.join(' ')})`;
  const [only = ''] = spelt;
  return spelt.length === 1
    ? quoted(`${repeatable ? '*' : ''}${only}${text}`)
    : `${quoted(excluded)}{${spelt.join(',')}}${quoted(text)}`;
}

function action(value: Value): string {
  switch (value.kind) {
    case 'folder':
      return '_files -/';
    case 'run':
      return '_gcd-sfn_runs';
    case 'words':
      return `(${value.words.join(' ')})`;
    case 'other':
      return ' ';
  }
}

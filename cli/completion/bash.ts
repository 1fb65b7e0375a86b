/** Completion for bash, from 3.2 on, which macOS has: no arrays by name, no negative indices. */
import type { CommandSpec, Value } from './spec.ts';

/** @param spec the program itself, then its commands */
export function bashScript([program, ...commands]: CommandSpec[]): string {
  const names = commands.flatMap((command) => command.names);
  return `# Completion of gcd-sfn for bash. Load it with: eval "$(gcd-sfn completion bash)"

# Which commands' options take a value.
_gcd_sfn_takes_value() {
  case "$1 $2" in
${commands
  .map(takers)
  .filter((line) => line !== '')
  .join('\n')}
    *) return 1 ;;
  esac
}

_gcd_sfn() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" command="" option="" folder=. prefix="" words="" kind=other
  local place=0 i word path
  # What stands before the cursor: the command, the project, an option that waits for its value.
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    # bash takes --project=x apart.
    [[ $word == "=" ]] && continue
    if [[ -n $option ]]; then
      [[ $option == -p || $option == --project ]] && folder="$word"
      option=""
    elif [[ $word == --project=* ]]; then
      folder="\${word#*=}"
    elif [[ $word == -* ]]; then
      _gcd_sfn_takes_value "$command" "$word" && option="$word"
    elif [[ -z $command ]]; then
      command="$word"
    else
      place=$((place + 1))
    fi
  done
  [[ $cur == "=" ]] && cur=""
  if [[ $cur == --*=* ]]; then
    option="\${cur%%=*}" prefix="\${cur%%=*}=" cur="\${cur#*=}"
  fi

  if [[ -z $command ]]; then
    words="${(program ? flagsOf(program) : []).join(' ')} ${names.join(' ')}"
    kind=words
  elif [[ -n $option ]]; then
    case "$command $option" in
${commands
  .map(optionValues)
  .filter((line) => line !== '')
  .join('\n')}
    esac
  elif [[ $cur == -* ]]; then
    kind=words
    case "$command" in
${commands.map((command) => `      ${command.names.join(' | ')}) words="${flagsOf(command).join(' ')}" ;;`).join('\n')}
    esac
  else
    case "$command $place" in
${commands
  .map(argumentValues)
  .filter((line) => line !== '')
  .join('\n')}
    esac
  fi

  COMPREPLY=()
  case "$kind" in
    words)
      for word in $words; do
        [[ $word == "$cur"* && ($word != -* || $cur == -*) ]] && COMPREPLY+=("$prefix$word")
      done ;;
    folder)
      compopt -o filenames 2>/dev/null
      # Hidden folders only after a leading dot.
      while IFS= read -r path; do
        [[ \${path##*/} == .* && \${cur##*/} != .* ]] || COMPREPLY+=("$prefix$path")
      done < <(compgen -d -- "$cur") ;;
    run)
      folder="\${folder#[\\"\\']}" folder="\${folder%[\\"\\']}" folder="\${folder//\\\\/}"
      for path in "\${folder/#\\~/$HOME}"/.gcd/runs/*/; do
        path="\${path%/}" path="\${path##*/}"
        [[ $path != "*" && $path == "$cur"* ]] && COMPREPLY+=("$prefix$path")
      done ;;
  esac
}

complete -F _gcd_sfn gcd-sfn
`;
}

const flagsOf = ({ options }: CommandSpec): string[] => options.flatMap(({ flags }) => flags);

/** \`"start -p" | "start --project"\` */
const patterns = (names: string[], what: string[]): string =>
  names.flatMap((name) => what.map((one) => `"${name} ${one}"`)).join(' | ');

function takers({ names, options }: CommandSpec): string {
  const flags = options.filter(({ value }) => value).flatMap((option) => option.flags);
  return flags.length === 0 ? '' : `    ${patterns(names, flags)}) return 0 ;;`;
}

function assignment(value: Value): string {
  return value.kind === 'words' ? `kind=words words="${value.words.join(' ')}"` : `kind=${value.kind}`;
}

function optionValues({ names, options }: CommandSpec): string {
  return options
    .filter(({ value }) => value && value.kind !== 'other')
    .map(({ flags, value }) => `      ${patterns(names, flags)}) ${assignment(value!)} ;;`)
    .join('\n');
}

function argumentValues({ names, values }: CommandSpec): string {
  return values
    .map(({ value }, place) =>
      value.kind === 'other' ? '' : `      ${patterns(names, [String(place)])}) ${assignment(value)} ;;`,
    )
    .filter((line) => line !== '')
    .join('\n');
}

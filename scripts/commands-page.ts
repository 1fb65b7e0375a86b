/** Writes docs/commands.md from the commands themselves: node scripts/commands-page.ts */
import { writeFileSync } from 'node:fs';
import type { Command, Option } from 'commander';
import { fullProgram } from '../cli/program.ts';

/** The text of docs/commands.md. */
export async function commandsPage(): Promise<string> {
  const program = await fullProgram();
  const list = program.commands.map(
    (command) => `| [${title(command)}](#${anchor(command)}) | ${command.summary()} |`,
  );
  return `# Commands

<!-- Made by node scripts/commands-page.ts from the commands themselves: change them. -->

\`gcd-sfn COMMAND --help\` shows the same. In a clone of this repository, write \`npx gcd-sfn\`. Exit codes are in
[errors.md](errors.md).

| command | what it does |
|---|---|
${list.join('\n')}
${program.commands.map(section).join('')}`;
}

const title = (command: Command): string =>
  `\`${[command.name(), ...command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`))].join(' ')}\``;

const anchor = (command: Command): string => command.name();

function section(command: Command): string {
  const help = command.createHelp();
  const rows = [
    ...command.registeredArguments.map((one) => [`\`${one.name()}\``, one.description]),
    ...help
      .visibleOptions(command)
      .map((option) => [`\`${option.flags}\``, `${option.description}${standard(option)}`]),
  ].map((cells) => `| ${cells.map((cell) => cell?.replaceAll('|', '\\|')).join(' | ')} |`);
  const alias = command.alias() ? ` Also: \`${command.alias()}\`.` : '';
  return `
## ${command.name()}

${command.description()}${alias}

| argument or option | meaning |
|---|---|
${rows.join('\n')}

\`\`\`text
${textAfter(command).trim()}
\`\`\`
`;
}

/** Numbers differ from machine to machine: a command says in words what they are. */
const standard = ({ defaultValue }: Option): string =>
  typeof defaultValue === 'string' ? `; default: \`${defaultValue}\`` : '';

/** Examples and remarks below the help, as the command adds them. */
export function textAfter(command: Command): string {
  let text = '';
  // Commander hands out what addHelpText added only where it prints the help.
  const { writeOut } = command.configureOutput();
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHasColors: () => false,
  });
  command.outputHelp();
  command.configureOutput({ writeOut: writeOut ?? ((part) => void process.stdout.write(part)) });
  return text.slice(text.indexOf('\nExamples:') + 1);
}

if (import.meta.main) writeFileSync(new URL('../docs/commands.md', import.meta.url), await commandsPage());

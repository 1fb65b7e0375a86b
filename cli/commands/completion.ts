/** `gcd-sfn completion`: prints a script that completes commands, options, templates, runs and folders. */
import { Argument, type Command } from 'commander';
import { templates } from '../../adapters/local/project/templates.ts';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { completionSpec } from '../completion/spec.ts';
import { zshScript } from '../completion/zsh.ts';
import { plain } from '../init/new-project.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

const examples = `
Examples:
  $ gcd-sfn completion bash     put into ~/.bashrc:  eval "$(gcd-sfn completion bash)"
  $ gcd-sfn completion zsh      put into ~/.zshrc, below compinit:  source <(gcd-sfn completion zsh)
  $ gcd-sfn completion fish     save as:  ~/.config/fish/completions/gcd-sfn.fish

It completes gcd-sfn, not npx gcd-sfn. Repeat this after an update: the script has the commands of one version.`;

export function define(command: Command, whole: () => Promise<Command>): void {
  command
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(Object.keys(scripts)))
    .addHelpText('after', examples)
    .action((shell: keyof typeof scripts) => completion(shell, whole));
}

async function completion(shell: keyof typeof scripts, whole: () => Promise<Command>): Promise<void> {
  const names = [plain, ...(await templates()).map(({ name }) => name)];
  const spec = completionSpec(await whole(), { template: names });
  process.stdout.write(scripts[shell](spec));
}

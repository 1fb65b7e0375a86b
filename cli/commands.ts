/** The table of commands. Each module is loaded when its command is called. */
import type { Command } from 'commander';

/** Module of a command: adds options, examples and action. */
export interface CommandModule {
  /** @param program loads the complete command line, for commands that need the others */
  define(command: Command, program: () => Promise<Command>): void;
}

export interface Entry {
  name: string;
  alias?: string;
  /** Arguments, as commander writes them. */
  usage?: string;
  summary: string;
  load: () => Promise<CommandModule>;
}

export const commands: Entry[] = [
  {
    name: 'start',
    alias: 'run-files',
    summary: "run a project's function over its files",
    load: () => import('./commands/start/start.ts'),
  },
  {
    name: 'resume',
    usage: '[run]',
    summary: 'continue an interrupted run; completed tasks are not repeated',
    load: () => import('./commands/resume/resume.ts'),
  },
  {
    name: 'status',
    usage: '[run]',
    summary: 'list the runs of a project, or show one of them',
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'watch',
    usage: '[run]',
    summary: 'follow a run that another process works on',
    load: () => import('./commands/watch.ts'),
  },
  {
    name: 'stop',
    usage: '<run>',
    summary: 'stop a run; completed tasks are kept',
    load: () => import('./commands/stop.ts'),
  },
  {
    name: 'top',
    usage: '[run]',
    summary: 'show CPU, memory and current task of each worker',
    load: () => import('./commands/top.ts'),
  },
  {
    name: 'logs',
    usage: '[run]',
    summary: 'show what the tasks of a run print',
    load: () => import('./commands/logs.ts'),
  },
  {
    name: 'results',
    usage: '[run]',
    summary: 'copy or rebuild the result files of a run',
    load: () => import('./commands/results.ts'),
  },
  {
    name: 'cost',
    usage: '[run]',
    summary: 'estimate the cost of a run on AWS, or show what a run has cost',
    load: () => import('./commands/cost.ts'),
  },
  {
    name: 'schedule',
    usage: '<action> [name]',
    summary: 'create, list or delete scheduled runs on AWS',
    load: () => import('./commands/schedule.ts'),
  },
  {
    name: 'deploy',
    summary: 'create the stack on AWS, or update it to this version',
    load: () => import('./commands/deploy.ts'),
  },
  {
    name: 'resources',
    summary: 'list what exists on AWS besides the stack, with age and cost',
    load: () => import('./commands/resources.ts'),
  },
  {
    name: 'cleanup',
    summary: 'delete a cluster and all that belongs to it, or everything but the stack',
    load: () => import('./commands/cleanup.ts'),
  },
  {
    name: 'debug',
    summary: 'start a bastion with kubectl, and open SSH access to it',
    load: () => import('./commands/debug.ts'),
  },
  {
    name: 'auth',
    usage: '<action> [arn]',
    summary: 'grant, list or revoke read access to a cluster',
    load: () => import('./commands/auth.ts'),
  },
  {
    name: 'destroy',
    summary: 'delete the stack from AWS',
    load: () => import('./commands/destroy.ts'),
  },
  {
    name: 'menu',
    summary: 'choose what to do in an interactive menu',
    load: () => import('./commands/menu/menu.ts'),
  },
  {
    name: 'init',
    usage: '[folder]',
    summary: 'create a project folder, or migrate a project of gismo-cloud-deploy',
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'validate',
    usage: '[folder]',
    summary: 'check a project without running anything',
    load: () => import('./commands/validate.ts'),
  },
  {
    name: 'doctor',
    summary: 'check this machine, and tell how to fix what is missing',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'completion',
    usage: '<shell>',
    summary: 'print a completion script for bash, zsh or fish',
    load: () => import('./commands/completion.ts'),
  },
];

/** Adds a command with name, usage and summary; `define` of its module adds the rest. */
export function addCommand(program: Command, { name, alias, usage, summary }: Entry): Command {
  const command = program
    .command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`);
  if (alias) command.alias(alias);
  if (usage) command.usage(`${usage} [options]`);
  return command;
}

/** The commands, each in a module that is loaded only when it is called. */
import type { Command } from 'commander';

/** A command's own file: adds its options, its examples and its action. */
export interface CommandModule {
  /** @param whole gives the command line with all modules loaded, for the command that looks at the others */
  define(command: Command, whole: () => Promise<Command>): void;
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
    summary: 'go on with an interrupted run; what is done is not done again',
    load: () => import('./commands/resume/resume.ts'),
  },
  {
    name: 'status',
    usage: '[run]',
    summary: 'the runs of a project, or how one of them is doing',
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'watch',
    usage: '[run]',
    summary: 'follow a run that another terminal works on',
    load: () => import('./commands/watch.ts'),
  },
  {
    name: 'stop',
    usage: '<run>',
    summary: 'stop a run; what is done is kept',
    load: () => import('./commands/stop.ts'),
  },
  {
    name: 'top',
    usage: '[run]',
    summary: 'CPU and memory of each worker, and the task that it is at',
    load: () => import('./commands/top.ts'),
  },
  {
    name: 'logs',
    usage: '[run]',
    summary: 'what the tasks of a run print, now and as it goes on',
    load: () => import('./commands/logs.ts'),
  },
  {
    name: 'results',
    usage: '[run]',
    summary: 'the result files of a run, copied or made anew',
    load: () => import('./commands/results.ts'),
  },
  {
    name: 'cost',
    usage: '[run]',
    summary: 'what a run on AWS would cost, or has cost',
    load: () => import('./commands/cost.ts'),
  },
  {
    name: 'schedule',
    usage: '<action> [name]',
    summary: 'runs on AWS that begin by themselves',
    load: () => import('./commands/schedule.ts'),
  },
  {
    name: 'deploy',
    summary: 'make the stack on AWS, or bring it up to this version',
    load: () => import('./commands/deploy.ts'),
  },
  {
    name: 'resources',
    summary: 'what there is on AWS beside the stack, since when, and what it has cost',
    load: () => import('./commands/resources.ts'),
  },
  {
    name: 'cleanup',
    summary: 'remove a cluster with all that belongs to it, or everything but the stack',
    load: () => import('./commands/cleanup.ts'),
  },
  {
    name: 'debug',
    summary: 'a machine beside the cluster, with kubectl, and how to get there',
    load: () => import('./commands/debug.ts'),
  },
  {
    name: 'auth',
    usage: '<action> [arn]',
    summary: 'who may look into the cluster',
    load: () => import('./commands/auth.ts'),
  },
  {
    name: 'destroy',
    summary: 'remove the stack from AWS',
    load: () => import('./commands/destroy.ts'),
  },
  {
    name: 'menu',
    summary: 'be asked what to do, step by step',
    load: () => import('./commands/menu/menu.ts'),
  },
  {
    name: 'init',
    usage: '[folder]',
    summary: 'make a project folder, or migrate one of the predecessor',
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
    summary: 'what works on this machine, and what to do about the rest',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'completion',
    usage: '<shell>',
    summary: 'print a script by which bash, zsh or fish completes commands',
    load: () => import('./commands/completion.ts'),
  },
];

/** Adds a command as the list of commands shows it: its own options come with its module. */
export function addCommand(program: Command, { name, alias, usage, summary }: Entry): Command {
  const command = program
    .command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`);
  if (alias) command.alias(alias);
  if (usage) command.usage(`${usage} [options]`);
  return command;
}

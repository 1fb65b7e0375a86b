/** Follows CloudFormation: a line for whatever is through, and on a terminal a last line with what is under way. */

import { ExitCode } from '../../core/errors/errors.ts';
import type { StackStep } from '../../ports/account/deployment.ts';
import { color } from '../view/color.ts';
import { isInteractive } from '../view/interactive.ts';
import { neutral } from '../view/neutral.ts';
import { cut } from '../view/out.ts';
import { LiveLine } from '../view/terminal.ts';
import { kind } from './changes.ts';

const verbs: Record<string, string> = {
  CREATE: 'made',
  UPDATE: 'changed',
  DELETE: 'removed',
  IMPORT: 'taken over',
  ROLLBACK: 'taken back',
  UPDATE_ROLLBACK: 'taken back',
};

/** A line for a step that ends something; undefined for all others. */
export function stepLine({ resource, type, status, reason }: StackStep): string | undefined {
  const [, verb = '', how = ''] = /^(.*)_(COMPLETE|FAILED|SKIPPED)$/.exec(status) ?? [];
  if (how === '' || verb === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') return undefined;
  const words =
    how === 'FAILED'
      ? `${verb.toLowerCase()} failed`
      : how === 'SKIPPED'
        ? 'kept'
        : (verbs[verb] ?? verb.toLowerCase());
  const because = how === 'FAILED' && reason !== null ? `: ${reason}` : '';
  return neutral(`${words.padEnd(8)} ${resource} (${kind(type)})${because}`);
}

export interface StackProgress {
  onPhase(words: string): void;
  onStep(step: StackStep): void;
  /** Takes the last line away. */
  end(): void;
}

/** @param leave said when Ctrl-C ends the waiting, which does not end what CloudFormation does */
export function stackProgress(leave: string): StackProgress {
  const live = isInteractive() ? new LiveLine(process.stderr) : undefined;
  const print = (line: string) => (live ? live.print(line) : console.error(line));
  const underWay = new Set<string>();
  let through = 0;
  const onInterrupt = () => {
    live?.clear();
    console.error(leave);
    process.exit(ExitCode.interrupted);
  };
  process.on('SIGINT', onInterrupt);
  return {
    onPhase: (words) => print(words),
    onStep: (step) => {
      const line = stepLine(step);
      if (line) print(`  ${step.status.endsWith('_FAILED') ? color.red(line) : line}`);
      if (step.type === 'AWS::CloudFormation::Stack') return;
      if (line) underWay.delete(step.resource);
      else underWay.add(step.resource);
      if (line) through++;
      live?.show(cut(`${through} through, under way: ${[...underWay].join(', ')}`, live.width));
    },
    end: () => {
      live?.clear();
      process.off('SIGINT', onInterrupt);
    },
  };
}

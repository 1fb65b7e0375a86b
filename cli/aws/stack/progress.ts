/** CloudFormation's progress: a line for each finished resource and, on a terminal, a live line for those in progress. */

import { ExitCode } from '../../../core/errors/errors.ts';
import type { StackStep } from '../../../ports/account/deployment.ts';
import { escapeControlChars } from '../../terminal/escape-control-chars.ts';
import { LiveLine } from '../../terminal/live-line.ts';
import { color, cut, isInteractive } from '../../terminal/output.ts';
import { shortType } from './render-change-set.ts';

const verbs: Record<string, string> = {
  CREATE: 'created',
  UPDATE: 'updated',
  DELETE: 'deleted',
  IMPORT: 'imported',
  ROLLBACK: 'rolled back',
  UPDATE_ROLLBACK: 'rolled back',
};

/** A line for a finished step; undefined for a step in progress. */
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
  return escapeControlChars(`${words.padEnd(8)} ${resource} (${shortType(type)})${because}`);
}

export interface StackProgress {
  onPhase(words: string): void;
  onStep(step: StackStep): void;
  /** Clears the live line. */
  end(): void;
}

/** @param leave printed on Ctrl-C, which stops the waiting and not CloudFormation */
export function stackProgress(leave: string): StackProgress {
  const live = isInteractive() ? new LiveLine(process.stderr) : undefined;
  const print = (line: string) => (live ? live.print(line) : console.error(line));
  const inProgress = new Set<string>();
  let finished = 0;
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
      if (line) inProgress.delete(step.resource);
      else inProgress.add(step.resource);
      if (line) finished++;
      live?.show(cut(`${finished} finished, in progress: ${[...inProgress].join(', ')}`, live.width));
    },
    end: () => {
      live?.clear();
      process.off('SIGINT', onInterrupt);
    },
  };
}

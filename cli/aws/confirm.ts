/** Asks before money is spent. */

import { RunInterrupted, UsageError } from '../../core/errors/errors.ts';
import type { DraftTarget } from '../../core/target.ts';
import type { Cloud } from '../../runs/aws/cloud.ts';
import { isInteractive } from '../terminal/output.ts';
import type { askYes } from '../terminal/prompts.ts';

export interface ConfirmOptions {
  yes?: boolean;
  create?: boolean;
}

export interface Asking {
  interactive: boolean;
  ask: typeof askYes;
}

/** The terminal, if there is one; its questions are loaded when one is asked. */
export const atTerminal = (): Asking => ({
  interactive: isInteractive(),
  ask: async (message, standard) => (await import('../terminal/prompts.ts')).askYes(message, standard),
});

/**
 * @throws UsageError when the cluster does not exist, --create is missing, and no terminal can ask;
 * RunInterrupted when the answer is no
 */
export async function confirmStart(
  cloud: Cloud,
  { cluster: { name }, region }: DraftTarget,
  makesCluster: boolean,
  { yes = false, create = false }: ConfirmOptions,
  { interactive, ask }: Asking,
): Promise<void> {
  const asks = interactive && !yes;
  if (makesCluster && !create && !asks) {
    const names = await cloud.clusterNames();
    throw new UsageError(`there is no cluster ${name} in ${region}`, {
      hint: `--create creates it. ${names.length > 0 ? `Existing clusters: ${names.slice(0, 10).join(', ')}` : 'This region has no cluster.'}`,
    });
  }
  if (!asks) return;
  const question =
    makesCluster && !create ? `Cluster ${name} does not exist: create it, and go on?` : 'Go on?';
  if (!(await ask(question, true))) throw new RunInterrupted('nothing was done');
}

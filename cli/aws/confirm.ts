/** Confirmation before a run on AWS spends money. */

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

/** Prompts on the terminal, if there is one; the prompt library is loaded with the first question. */
export const atTerminal = (): Asking => ({
  interactive: isInteractive(),
  ask: async (message, standard) => (await import('../terminal/prompts.ts')).askYes(message, standard),
});

/**
 * @throws UsageError when the cluster does not exist, without `--create` and without a terminal;
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
      hint: `--create creates it. ${names.length > 0 ? `Existing clusters: ${names.slice(0, 10).join(', ')}` : 'The region has no cluster.'}`,
    });
  }
  if (!asks) return;
  const question =
    makesCluster && !create ? `Cluster ${name} does not exist. Create it and start the run?` : 'Go on?';
  if (!(await ask(question, true))) throw new RunInterrupted('nothing was done');
}

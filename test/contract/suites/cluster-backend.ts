/** A cluster on which suites play: the stand-in or a real API server. */
import type { KubernetesClient } from '../../../adapters/kubernetes/client.ts';
import type { OfficialClient } from '../../support/kubernetes/official-client.ts';

export interface ClusterBackend {
  /** Client of a user in these groups; of a user whom the cluster does not know for `nobody`. */
  as: (...groups: string[]) => KubernetesClient;
  official: (...groups: string[]) => OfficialClient;
}

/** HTTP status of the answer to a call of the official client. */
export const statusOf = (answer: Promise<unknown>): Promise<number> =>
  answer.then(
    () => 200,
    (error) => error.code as number,
  );

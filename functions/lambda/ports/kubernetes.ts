/** The API servers of clusters, as the function's own role may use them. */
import { ownRole } from '../../../adapters/aws/client/settings.ts';
import { eksKubernetes } from '../../../adapters/aws/eks/kubernetes-client.ts';
import { once } from '../once.ts';

export const kubernetes = once(() => eksKubernetes(ownRole));

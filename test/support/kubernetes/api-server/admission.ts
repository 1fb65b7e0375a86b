/** Admits pods with an existing service account and priority class that the namespace's Pod Security label allows. */

import type { Pod } from '../types.ts';
import { resourceOf } from './resources.ts';
import { StatusError } from './status-error.ts';
import type { Store } from './store.ts';

/** The priority classes that each cluster has. */
const priorityClasses = ['system-cluster-critical', 'system-node-critical'];
/** https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
const volumeTypes = [
  ...[
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ],
];

/** @throws StatusError 403 */
export function admit(store: Store, pod: Pod): void {
  const { name, namespace = '' } = pod.metadata;
  const refuse = (why: string) => new StatusError(403, 'Forbidden', `pods "${name}" is forbidden: ${why}`);
  const space = store.find(resourceOf('namespaces'), undefined, namespace);
  if (!space) throw new StatusError(404, 'NotFound', `namespaces "${namespace}" not found`);
  const account = pod.spec?.serviceAccountName ?? 'default';
  if (account !== 'default' && !store.find(resourceOf('serviceaccounts'), namespace, account))
    throw refuse(
      `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`,
    );
  const priority = pod.spec?.priorityClassName;
  if (priority && !priorityClasses.includes(priority))
    throw refuse(`no PriorityClass with name ${priority} was found`);
  if (space.metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted') return;
  const why = violations(pod);
  if (why.length > 0) throw refuse(`violates PodSecurity "restricted:latest": ${why.join(', ')}`);
}

function violations({ spec }: Pod): string[] {
  const why: string[] = [];
  const pod = spec?.securityContext;
  if (spec?.hostNetwork || spec?.hostPID || spec?.hostIPC) why.push('host namespaces');
  for (const { name, ...source } of spec?.volumes ?? [])
    for (const type of Object.keys(source).filter((one) => !volumeTypes.includes(one)))
      why.push(`restricted volume types (volume "${name}" uses restricted volume type "${type}")`);
  for (const { name, securityContext: own } of [
    ...(spec?.containers ?? []),
    ...(spec?.initContainers ?? []),
  ]) {
    if (own?.privileged) why.push(`privileged (container "${name}")`);
    if (own?.allowPrivilegeEscalation !== false)
      why.push(`allowPrivilegeEscalation != false (container "${name}")`);
    if (!own?.capabilities?.drop?.includes('ALL'))
      why.push(`unrestricted capabilities (container "${name}")`);
    if ((own?.runAsNonRoot ?? pod?.runAsNonRoot) !== true)
      why.push(`runAsNonRoot != true (container "${name}")`);
    if ((own?.runAsUser ?? pod?.runAsUser) === 0) why.push(`runAsUser=0 (container "${name}")`);
    const seccomp = (own?.seccompProfile ?? pod?.seccompProfile)?.type;
    if (seccomp !== 'RuntimeDefault' && seccomp !== 'Localhost')
      why.push(`seccompProfile (container "${name}" must set securityContext.seccompProfile.type)`);
  }
  return why;
}

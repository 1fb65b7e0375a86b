/** What `applyNamespace` must do on each API server: the objects, and the permissions of the groups. */
import { describe, expect, test } from '@jest/globals';
import { groups, namespace } from '../../../adapters/kubernetes/names.ts';
import { applyNamespace, namespaceExists, namespaceObjects } from '../../../adapters/kubernetes/namespace.ts';
import { type ClusterBackend, statusOf } from './cluster-backend.ts';

/** @param make returns a cluster with the namespace of stack `gcd-sfn` */
export function namespaceSuite(name: string, make: () => Promise<ClusterBackend>): void {
  describe(`the namespace of a cluster: ${name}`, () => {
    test('exists with every field that was applied', async () => {
      const cluster = await make();
      const { objects } = cluster.official('system:masters');
      for (const object of namespaceObjects('gcd-sfn')) {
        const { metadata, ...rest } = JSON.parse(JSON.stringify(await objects.read(object as never)));
        const { metadata: wanted, ...fields } = object;
        expect(rest).toMatchObject(fields);
        expect(metadata.labels).toMatchObject((wanted as { labels: object }).labels);
      }
      expect(await namespaceExists(cluster.as('system:masters'), 'gcd-sfn')).toBe(true);
    });

    test('is not changed by a second application', async () => {
      const cluster = await make();
      const { objects } = cluster.official('system:masters');
      const versions = () =>
        Promise.all(
          namespaceObjects('gcd-sfn').map(
            async (object) => (await objects.read(object as never)).metadata?.resourceVersion,
          ),
        );
      const before = await versions();
      await applyNamespace(cluster.as('system:masters'), 'gcd-sfn');
      expect(await versions()).toEqual(before);
    });

    test('can be applied for another stack, and keeps what others have added', async () => {
      const cluster = await make();
      const { core } = cluster.official('system:masters');
      const before = await core.readNamespace({ name: namespace });
      const labels = { ...before.metadata?.labels, theirs: 'x' };
      await core.replaceNamespace({
        name: namespace,
        body: { ...before, metadata: { ...before.metadata, labels } },
      });
      await applyNamespace(cluster.as('system:masters'), 'other');
      expect((await core.readNamespace({ name: namespace })).metadata?.labels).toMatchObject({
        theirs: 'x',
        'gcd-sfn/stack': 'other',
        'pod-security.kubernetes.io/enforce': 'restricted',
      });
      await applyNamespace(cluster.as('system:masters'), 'gcd-sfn');
    });

    test('cannot be applied without permission', async () => {
      const cluster = await make();
      await expect(applyNamespace(cluster.as(groups.writers), 's')).rejects.toThrow(
        /not allowed: patch namespaces for Namespace gcd in the cluster/,
      );
    });

    test('gives each group what it needs', async () => {
      const cluster = await make();
      const may = async (group: string) => {
        const { core, batch } = cluster.official(group);
        const pod = { namespace, name: 'none' };
        return {
          seeNodes: await statusOf(core.listNode()),
          seeJobs: await statusOf(batch.listNamespacedJob({ namespace })),
          seeLogs: await statusOf(core.readNamespacedPodLog(pod)),
          endPods: await statusOf(core.deleteNamespacedPod(pod)),
          endAllPods: await statusOf(
            core.deleteCollectionNamespacedPod({ namespace, labelSelector: 'none=none' }),
          ),
          endJobs: await statusOf(batch.deleteNamespacedJob(pod)),
          seeOthers: await statusOf(core.listNamespacedPod({ namespace: 'kube-system' })),
          endNodes: await statusOf(core.deleteNode({ name: 'none' })),
          makePods: await statusOf(core.createNamespacedPod({ namespace, body: {} })),
        };
      };
      // 404: allowed, but the object does not exist.
      const sees = {
        ...{ seeNodes: 200, seeJobs: 200, seeLogs: 404, seeOthers: 403, endNodes: 403, makePods: 403 },
      };
      expect(await may(groups.writers)).toEqual({ ...sees, endPods: 404, endAllPods: 200, endJobs: 404 });
      expect(await may(groups.readers)).toEqual({ ...sees, endPods: 403, endAllPods: 403, endJobs: 403 });
      expect(await may(groups.bastion)).toEqual({ ...sees, endPods: 404, endAllPods: 403, endJobs: 403 });
    });
  });
}

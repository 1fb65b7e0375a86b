/** The pod of a worker, and what config.yaml can say of it. */
import { describe, expect, test } from '@jest/globals';
import * as client from '@kubernetes/client-node';
import { podTemplate } from '../../../../adapters/kubernetes/pod.ts';
import { withUserPod } from '../../../../adapters/kubernetes/user-pod.ts';
import { ConfigInvalid } from '../../../../ports/errors.ts';
import type { PodSettings } from '../../../../ports/reservations.ts';

const models = client as unknown as Record<string, unknown>;

function template(pod: Partial<PodSettings> = {}) {
  const settings = { env: {}, memoryBytes: null, licenceTarget: null, patch: {}, ...pod };
  return podTemplate({
    wanted: {
      ...{ run: 'r', execution: 'r-1', cluster: 'c', nodegroup: 'g', nodes: 1, slots: 2 },
      ...{ workersPerNode: 2, image: 'd', queueUrl: 'https://queue', pod: settings },
    },
    ...{
      image: 'repository:d',
      share: { cpuMillis: 790, memoryBytes: 2 ** 30 },
      bucket: 'b',
      region: 'us-west-2',
    },
  });
}
const workerOf = (made: client.V1PodTemplateSpec) => made.spec?.initContainers?.[0];
const patched = (patch: Record<string, unknown>) => withUserPod(template(), patch, models);

describe('the pod of a worker', () => {
  test('has no more rights than it needs', () => {
    const { spec } = template();
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      serviceAccountName: 'r-1',
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 120,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    const rights = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true };
    expect(
      [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map((one) => one.securityContext),
    ).toEqual([rights, rights]);
  });

  test('asks for its share, and is limited in memory only', () => {
    const memory = String(2 ** 30);
    expect(workerOf(template())?.resources).toEqual({
      requests: { cpu: '790m', memory },
      limits: { memory },
    });
    expect(workerOf(template({ memoryBytes: 512 * 2 ** 20 }))?.resources?.limits).toEqual({
      memory: String(512 * 2 ** 20),
    });
  });

  test('has the user variables, but for those that the agent needs', () => {
    const env = workerOf(template({ env: { A: '1', GCD_BUCKET: 'other' } }))?.env ?? [];
    expect(env).toContainEqual({ name: 'A', value: '1' });
    expect(env.filter(({ name }) => name === 'GCD_BUCKET')).toEqual([{ name: 'GCD_BUCKET', value: 'b' }]);
  });

  test('has the licence in memory, where there is one', () => {
    const made = template({ licenceTarget: '/home/worker/mosek' });
    expect(made.spec?.volumes).toContainEqual({
      name: 'licence',
      emptyDir: { medium: 'Memory', sizeLimit: '1Mi' },
    });
    expect(workerOf(made)?.volumeMounts).toContainEqual({ name: 'licence', mountPath: '/home/worker/mosek' });
    expect(workerOf(made)?.env).toContainEqual({ name: 'GCD_LICENCE_TARGET', value: '/home/worker/mosek' });
    expect(JSON.stringify(template())).not.toContain('licence');
  });
});

describe('`pod` of config.yaml', () => {
  test('is merged by the names of things', () => {
    const made = patched({
      metadata: { annotations: { note: 'x' } },
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'dedicated', operator: 'Exists' }],
      resources: { limits: { cpu: '2' } },
      volumes: [{ name: 'cache', emptyDir: {} }],
      containers: [
        {
          name: 'worker',
          volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
          env: [{ name: 'B', value: '2' }],
        },
      ],
    });
    expect(made.metadata?.annotations).toMatchObject({ note: 'x' });
    expect(made.spec?.containers).toEqual(template().spec?.containers);
    expect(made.metadata?.labels).toEqual(template().metadata?.labels);
    expect(made.spec?.nodeSelector).toEqual({ 'eks.amazonaws.com/nodegroup': 'g', disk: 'ssd' });
    expect(made.spec?.tolerations).toHaveLength(3);
    expect(workerOf(made)?.resources).toMatchObject({ limits: { cpu: '2', memory: String(2 ** 30) } });
    expect(workerOf(made)?.volumeMounts?.map(({ name }) => name)).toEqual(['scratch', 'cache']);
    expect(workerOf(made)?.env).toContainEqual({ name: 'B', value: '2' });
    expect(workerOf(made)?.image).toBe('repository:d');
  });

  test('changes nothing when there is none', () => {
    expect(patched({})).toEqual(template());
  });

  test.each([
    [{ nodeselector: { a: 'b' } }, 'nodeselector: there is no such field'],
    [{ tolerations: { key: 'a' } }, 'tolerations: must be a list'],
    [
      { containers: [{ name: 'worker', resources: { limit: {} } }] },
      'containers[0].resources.limit: there is no',
    ],
    [{ priority: 'high' }, 'priority: must be a number'],
    [{ hostNetwork: true }, 'hostNetwork: cannot be changed'],
    [{ hostPID: true }, 'hostPID'],
    [{ securityContext: { runAsNonRoot: false } }, 'securityContext: cannot be changed'],
    [{ securityContext: null }, 'securityContext: cannot be changed'],
    [{ automountServiceAccountToken: true }, 'automountServiceAccountToken'],
    [{ serviceAccountName: 'admin' }, 'serviceAccountName'],
    [{ restartPolicy: 'Always' }, 'restartPolicy'],
    [
      { nodeSelector: { 'eks.amazonaws.com/nodegroup': 'other' } },
      'nodeSelector.eks.amazonaws.com/nodegroup',
    ],
    [{ nodeSelector: null }, 'nodeSelector.eks.amazonaws.com/nodegroup'],
    [{ nodeName: 'n' }, 'nodeName'],
    [{ initContainers: [{ name: 'i', image: 'i' }] }, 'initContainers'],
    [{ containers: [{ name: 'sidecar', image: 'i' }] }, 'containers other than worker'],
    [{ containers: null }, 'cannot be changed'],
    [{ containers: [null] }, 'containers[0]: must not be empty'],
    [{ initContainers: null }, 'initContainers: cannot be changed'],
    [{ initContainers: [{ name: 'worker', restartPolicy: 'Never' }] }, 'containers.worker.restartPolicy'],
    [{ containers: [{ name: 'keeper', image: 'other' }] }, 'containers other than worker'],
    [{ containers: [{ name: 'worker', image: 'other' }] }, 'containers.worker.image'],
    [
      { containers: [{ name: 'worker', securityContext: { privileged: true } }] },
      'containers.worker.securityContext: cannot be changed',
    ],
    [{ containers: [{ name: 'worker', env: [{ name: 'GCD_RUN', value: 'x' }] }] }, 'env.GCD_RUN'],
    [{ containers: [{ name: 'worker', volumeMounts: null }] }, 'volumeMounts./var/gcd'],
    [
      { volumes: [{ name: 'host', hostPath: { path: '/' } }] },
      'volumes.host: workers see no folder of their node',
    ],
    [{ metadata: { labels: { 'gcd-sfn/run': 'other' } } }, 'metadata.labels.gcd-sfn/run'],
  ])('%j is refused', (patch, why) => {
    expect(() => patched(patch as Record<string, unknown>)).toThrow(ConfigInvalid);
    expect(() => patched(patch as Record<string, unknown>)).toThrow(why);
  });
});

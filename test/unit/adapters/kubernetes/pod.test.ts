/** The pod of a worker, and `pod` of config.yaml. */
import { describe, expect, test } from '@jest/globals';
import { podTemplate } from '../../../../adapters/kubernetes/pod.ts';
import type { PodTemplate } from '../../../../adapters/kubernetes/types.ts';
import { withUserPod } from '../../../../adapters/kubernetes/user-pod.ts';
import { ConfigInvalid } from '../../../../core/errors/errors.ts';
import type { PodSettings } from '../../../../ports/cluster/reservations.ts';

function template(pod: Partial<PodSettings> = {}) {
  const settings = { env: {}, memoryBytes: null, licenceTarget: null, patch: {}, ...pod };
  return podTemplate({
    reservation: {
      ...{ run: 'r', execution: 'r-1', cluster: 'c', nodegroup: 'g', nodes: 1, slots: 2 },
      ...{ workersPerNode: 2, image: 'd', queueUrl: 'https://queue', pod: settings },
    },
    ...{
      image: 'repository:d',
      share,
      bucket: 'b',
      region: 'us-west-2',
    },
  });
}
const workerOf = (made: PodTemplate) => made.spec?.initContainers?.[0];
const share = { cpuMillis: 790, memoryBytes: 2 ** 30, diskBytes: 8 * 2 ** 30 };
const patched = (patch: Record<string, unknown>) => withUserPod(template(), patch, share);

describe('the pod of a worker', () => {
  test('has no more permissions than it needs', () => {
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

  test('requests most of its share, and has limits of memory and disk', () => {
    const disk = { 'ephemeral-storage': String(8 * 2 ** 30) };
    expect(workerOf(template())?.resources).toEqual({
      requests: { cpu: '632m', memory: String(Math.floor(0.9 * 2 ** 30)), ...disk },
      limits: { memory: String(2 ** 30), ...disk },
    });
    const memory = String(512 * 2 ** 20);
    expect(workerOf(template({ memoryBytes: 512 * 2 ** 20 }))?.resources).toEqual({
      requests: { cpu: '632m', memory, ...disk },
      limits: { memory, ...disk },
    });
    expect(template().spec?.volumes).toEqual([
      { name: 'scratch', emptyDir: { sizeLimit: String(8 * 2 ** 30) } },
    ]);
    expect(workerOf(template())?.env?.find(({ name }) => name === 'GCD_DISK_BYTES')?.valueFrom).toEqual({
      resourceFieldRef: { containerName: 'worker', resource: 'limits.ephemeral-storage' },
    });
  });

  test('has few readiness probes, of which a single one may fail', () => {
    const probe = workerOf(template())?.readinessProbe;
    // With 96 pods, a kubelet does not finish a probe each within a second every five seconds.
    expect(probe?.periodSeconds).toBeGreaterThanOrEqual(15);
    expect(probe?.timeoutSeconds).toBeGreaterThanOrEqual(10);
    expect(probe?.failureThreshold).toBeGreaterThanOrEqual(3);
  });

  test('has the variables of config.yaml, except those of the agent', () => {
    const env = workerOf(template({ env: { A: '1', GCD_BUCKET: 'other' } }))?.env ?? [];
    expect(env).toContainEqual({ name: 'A', value: '1' });
    expect(env.filter(({ name }) => name === 'GCD_BUCKET')).toEqual([{ name: 'GCD_BUCKET', value: 'b' }]);
  });

  test('has the licence file in memory, if any', () => {
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
  test('is merged by the names of list items', () => {
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
    expect(made.spec?.nodeSelector).toEqual({ 'gcd-sfn/nodegroup': 'g', disk: 'ssd' });
    expect(made.spec?.tolerations).toHaveLength(3);
    expect(workerOf(made)?.resources).toMatchObject({ limits: { cpu: '2', memory: String(2 ** 30) } });
    expect(workerOf(made)?.volumeMounts?.map(({ name }) => name)).toEqual(['scratch', 'cache']);
    expect(workerOf(made)?.env).toContainEqual({ name: 'B', value: '2' });
    expect(workerOf(made)?.image).toBe('repository:d');
  });

  test('may have what users need', () => {
    const wishes = {
      priorityClassName: 'batch',
      terminationGracePeriodSeconds: 300,
      affinity: { podAntiAffinity: {} },
      hostAliases: [{ ip: '10.0.0.1', hostnames: ['licences'] }],
      resources: { requests: { cpu: '500m' }, limits: { memory: '1Gi', 'nvidia.com/gpu': '1' } },
      volumes: [{ name: 'shared', persistentVolumeClaim: { claimName: 'data' } }],
    };
    expect(patched(wishes).spec).toMatchObject({
      priorityClassName: 'batch',
      hostAliases: wishes.hostAliases,
    });
  });

  test('changes nothing when it is empty', () => {
    expect(patched({})).toEqual(template());
  });

  test('tells the agent how long a worker has to end', () => {
    const graceIn = (made: PodTemplate) =>
      workerOf(made)?.env?.find(({ name }) => name === 'GCD_GRACE_SECONDS')?.value;
    expect(graceIn(template())).toBe('120');
    const patch = { terminationGracePeriodSeconds: 300 };
    const made = withUserPod(template({ patch }), patch, share);
    expect([graceIn(made), made.spec?.terminationGracePeriodSeconds]).toEqual(['300', 300]);
  });

  test('takes quantities as numbers, as the API server does', () => {
    const limits = { 'nvidia.com/gpu': 1, cpu: 0.5 };
    const volumes = [{ name: 'fast', emptyDir: { sizeLimit: 1_000_000 } }];
    const worker = { name: 'worker', resources: { requests: { cpu: 0.25 } } };
    const made = patched({ resources: { limits }, volumes, containers: [worker] });
    expect(workerOf(made)?.resources).toMatchObject({
      limits: { 'nvidia.com/gpu': '1', cpu: '0.5' },
      requests: { cpu: '0.25' },
    });
    expect(made.spec?.volumes).toContainEqual({ name: 'fast', emptyDir: { sizeLimit: '1000000' } });
  });

  test.each([
    [{ resources: { limits: { cpu: true } } }, 'resources.limits.cpu: must be a text'],
    [{ nodeselector: { a: 'b' } }, 'nodeselector: unknown field'],
    [{ tolerations: { key: 'a' } }, 'tolerations: must be a list'],
    [
      { containers: [{ name: 'worker', resources: { limit: {} } }] },
      'containers[0].resources.limit: unknown field',
    ],
    [{ priority: 'high' }, 'priority: must be a number'],
    [{ hostNetwork: true }, 'hostNetwork: cannot be changed'],
    [{ hostPID: true }, 'hostPID'],
    [{ securityContext: { runAsNonRoot: false } }, 'securityContext: cannot be changed'],
    [{ securityContext: null }, 'securityContext: cannot be changed'],
    [{ automountServiceAccountToken: true }, 'automountServiceAccountToken'],
    [{ serviceAccountName: 'admin' }, 'serviceAccountName'],
    [{ restartPolicy: 'Always' }, 'restartPolicy'],
    [{ nodeSelector: { 'gcd-sfn/nodegroup': 'other' } }, 'nodeSelector.gcd-sfn/nodegroup'],
    [{ nodeSelector: null }, 'nodeSelector.gcd-sfn/nodegroup'],
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
    [{ volumes: [{ name: 'host', hostPath: { path: '/' } }] }, 'volumes[0].hostPath: cannot be used'],
    [{ metadata: { labels: { 'gcd-sfn/run': 'other' } } }, 'metadata.labels.gcd-sfn/run'],
    [{ metadata: { finalizers: ['a/b'] } }, 'metadata.finalizers: cannot be changed'],
    // Each of these gives a worker more rights, or lets it run for ever.
    [{ priorityClassName: 'system-node-critical' }, 'priorityClassName: is reserved for the system pods'],
    [{ priority: 2_000_001_000 }, 'priority: cannot be changed'],
    [{ schedulerName: 'mine' }, 'schedulerName: cannot be changed'],
    [{ terminationGracePeriodSeconds: 1e6 }, 'terminationGracePeriodSeconds: must be from 120 to 300'],
    [{ terminationGracePeriodSeconds: 0 }, 'terminationGracePeriodSeconds: must be from 120 to 300'],
    [{ terminationGracePeriodSeconds: null }, 'terminationGracePeriodSeconds: must be from 120 to 300'],
    [
      { containers: [{ name: 'worker', ports: [{ containerPort: 1, hostPort: 22 }] }] },
      'containers[0].ports: cannot be changed',
    ],
    [
      { ephemeralContainers: [{ name: 'e', image: 'i', targetContainerName: 'worker' }] },
      'ephemeralContainers: cannot be changed',
    ],
    [{ volumes: [{ name: 'n', nfs: { server: 's', path: '/' } }] }, 'volumes[0].nfs: cannot be used'],
    [
      { volumes: [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }] },
      'volumes[0].projected: cannot be used',
    ],
    [{ shareProcessNamespace: true }, 'shareProcessNamespace: cannot be changed'],
    [{ runtimeClassName: 'other' }, 'runtimeClassName: cannot be changed'],
    [{ activeDeadlineSeconds: 1 }, 'activeDeadlineSeconds: cannot be changed'],
    [
      { containers: [{ name: 'worker', lifecycle: { preStop: { exec: { command: ['sleep', '1e9'] } } } }] },
      'containers[0].lifecycle: cannot be changed',
    ],
    [{ resources: { limits: { memory: '500Gi' }, requests: { memory: '1' } } }, 'is more than its share'],
    [{ resources: { limits: { memory: null } } }, 'resources.limits.memory: cannot be removed'],
    [{ resources: { requests: { cpu: '64' } } }, 'resources.requests.cpu: 64 is more than its share'],
    [
      { resources: { limits: { 'ephemeral-storage': '1Ti' } } },
      'resources.limits.ephemeral-storage: 1Ti is more than its share',
    ],
    [
      { containers: [{ name: 'worker', resources: { limits: { memory: '2Gi' } } }] },
      'resources.limits.memory: 2Gi is more than its share of the node, 1024 MiB',
    ],
  ])('%j is refused', (patch, why) => {
    expect(() => patched(patch as Record<string, unknown>)).toThrow(ConfigInvalid);
    expect(() => patched(patch as Record<string, unknown>)).toThrow(why);
  });
});

/** The workers of an execution in a cluster, their states and problems. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { JobReservations } from '../../../../adapters/kubernetes/job-reservations.ts';
import { groups, namespace } from '../../../../adapters/kubernetes/names.ts';
import {
  AccessDenied,
  ConfigInvalid,
  ImageFailed,
  NotFound,
  Unreachable,
} from '../../../../core/errors/errors.ts';
import type { Reservation, ReservationSpec } from '../../../../ports/cluster/reservations.ts';
import { until } from '../../../contract/suites/poll-until.ts';
import type { NodegroupNodes } from '../../../support/kubernetes/controllers/nodes.ts';
import { type FakeCluster, type FakeOptions, fakeCluster } from '../../../support/kubernetes/fake-cluster.ts';

const clusters: FakeCluster[] = [];

afterEach(async () => {
  for (const { stop, unmodelled } of clusters.splice(0)) {
    await stop();
    expect(unmodelled).toEqual([]);
  }
});

/** Polls long enough for a busy machine. */
const patient = { looks: 1000, pause: 0.005 };

const wanted: ReservationSpec = {
  ...{ run: 'r', execution: 'r-1', cluster: 'c', nodegroup: 'g', nodes: 1, slots: 2, workersPerNode: 2 },
  image: 'd1',
  queueUrl: 'https://queue',
  pod: { env: {}, memoryBytes: null, licenceTarget: null, patch: {} },
};

async function made(options: FakeOptions & Pick<NodegroupNodes, 'daemons'> & { nodes?: number } = {}) {
  const cluster = await fakeCluster(options);
  clusters.push(cluster);
  const { nodes: count = 1, daemons } = options;
  cluster.setNodes({
    ...{ nodegroup: 'g', instanceType: 'm6i.large', count, diskGiB: 30 },
    ...(daemons && { daemons }),
  });
  return { cluster, ...reservationsOf(cluster) };
}

function reservationsOf(cluster: FakeCluster, who: string = groups.writers) {
  const podLists: unknown[] = [];
  const all = new JobReservations({
    kubernetes: async () => {
      const client = cluster.as(who);
      const list = client.list.bind(client);
      client.list = (resource, query, what) => {
        if (resource === 'pods') podLists.push(query);
        return list(resource, query, what);
      };
      return client;
    },
    imageOf: async (digest) => (digest === 'none' ? undefined : `repository:${digest}`),
    machineOf: async () => ({ vcpus: 2, memoryBytes: 8 * 2 ** 30, maxPods: 29, diskGiB: 30 }),
    ...{ bucket: 'b', region: 'us-east-1' },
  });
  const seen = (isIt: (one: Reservation | undefined) => boolean) =>
    until(async () => (await all.list('c')).find(({ execution }) => execution === 'r-1'), isIt, patient);
  return { all, seen, podLists };
}

const problemIn = (one: Reservation | undefined) => one?.workers.problems[0];

describe('workers in a cluster', () => {
  test('are counted as ready when their project is imported', async () => {
    const { cluster, all, seen } = await made({ obedient: false });
    await all.reserve(wanted);
    expect(cluster.containers).toEqual([]);
    await all.start('c', 'r-1');
    await until(
      async () => cluster.containers.length,
      (count) => count === 2,
      patient,
    );
    expect((await seen((one) => one?.state === 'started'))?.workers).toEqual({ ready: 0, problems: [] });
    cluster.containers[1]?.ready();
    await seen((one) => one?.workers.ready === 1);
  });

  test('fill their nodes, one share each', async () => {
    const { cluster, all, seen } = await made({ nodes: 2 });
    await all.reserve({ ...wanted, nodes: 2, slots: 4 });
    await all.start('c', 'r-1');
    await seen((one) => one?.workers.ready === 4);
    const nodes = Map.groupBy(cluster.containers, ({ pod }) => pod.spec?.nodeName);
    expect([...nodes.values()].map((on) => on.length)).toEqual([2, 2]);
  });

  test('find room beside the daemon sets that an organisation adds', async () => {
    // Requests of GuardDuty's agent: https://docs.aws.amazon.com/guardduty/latest/ug/prereq-runtime-monitoring-eks-support.html
    const { cluster, all, seen } = await made({ nodes: 2, daemons: { cpu: '200m', memory: '256Mi' } });
    await all.reserve({ ...wanted, nodes: 2, slots: 4 });
    await all.start('c', 'r-1');
    await seen((one) => one?.workers.ready === 4);
    const nodes = Map.groupBy(cluster.containers, ({ pod }) => pod.spec?.nodeName);
    expect([...nodes.values()].map((on) => on.length)).toEqual([2, 2]);
  });

  test('are not listed when all of them are ready, nor before and after', async () => {
    const { all, seen, podLists } = await made({ nodes: 2 });
    await all.reserve({ ...wanted, nodes: 2, slots: 4 });
    await all.list('c');
    expect(podLists).toEqual([]);
    await all.start('c', 'r-1');
    await seen((one) => one?.workers.ready === 4);
    podLists.length = 0;
    expect((await seen(() => true))?.workers).toEqual({ ready: 4, problems: [] });
    await all.stop('c', 'r-1', 'drain');
    await all.list('c');
    expect(podLists).toEqual([]);
  });

  test('that are not ready are listed, up to a maximum', async () => {
    const { all, seen, podLists } = await made({ nodes: 0 });
    await all.reserve({ ...wanted, slots: 600 });
    await all.reserve({ ...wanted, run: 'q', execution: 'q-1' });
    await all.start('c', 'r-1');
    await seen((one) => problemIn(one) !== undefined);
    const asked = { labelSelector: 'gcd-sfn/execution=r-1', maximum: 500 };
    expect(podLists.at(-1)).toMatchObject(asked);
    podLists.length = 0;
    await all.list('c');
    expect(podLists).toHaveLength(1);
  });

  test('without a node report it', async () => {
    const { all, seen } = await made({ nodes: 0 });
    await all.reserve(wanted);
    await all.start('c', 'r-1');
    expect(problemIn(await seen((one) => problemIn(one) !== undefined))).toEqual({
      kind: 'capacity',
      message: 'no node has room for a worker: no nodes available to schedule pods',
    });
  });

  test('whose image cannot be pulled report it', async () => {
    const pull = 'Back-off pulling image "repository:d1": repository:d1: not found';
    const { all, seen } = await made({
      waiting: () => ({ reason: 'ImagePullBackOff', message: pull }),
    });
    await all.reserve(wanted);
    await all.start('c', 'r-1');
    expect(problemIn(await seen((one) => problemIn(one) !== undefined))).toEqual({
      kind: 'image',
      message: `the image cannot be pulled: ${pull}`,
    });
  });

  test('that the API server refuses to create report it', async () => {
    const { all, seen } = await made();
    const pod = { ...wanted.pod, patch: { priorityClassName: 'none' } };
    await all.reserve({ ...wanted, pod });
    await all.start('c', 'r-1');
    const found = await seen((one) => problemIn(one) !== undefined);
    expect(problemIn(found)?.kind).toBe('project');
    expect(problemIn(found)?.message).toMatch(
      /^Kubernetes refuses to create workers: pods "r-1-\d-\w*" is forbidden: no PriorityClass with name none was found$/,
    );
  });

  test.each([
    [2, { message: 'No module named pandas\n' }, { kind: 'project', message: 'No module named pandas' }],
    [
      137,
      { reason: 'OOMKilled' },
      { kind: 'other', message: 'a worker needed more memory than memory_per_worker allows' },
    ],
    [1, { message: 'no queue' }, { kind: 'other', message: 'a worker ended with exit code 1: no queue' }],
  ])('that end with code %i report their termination message', async (code, end, problem) => {
    const { cluster, all, seen } = await made({ obedient: false });
    await all.reserve(wanted);
    await all.start('c', 'r-1');
    await until(
      async () => cluster.containers[0],
      (one) => one !== undefined,
      patient,
    );
    cluster.containers[0]?.exit(code, end);
    expect(problemIn(await seen((one) => problemIn(one) !== undefined))).toEqual(problem);
  });

  test('that exit again and again are given up', async () => {
    const { cluster, all, seen } = await made({ crash: { code: 1, message: 'no queue' } });
    await all.reserve(wanted);
    await all.start('c', 'r-1');
    const failed = await seen((one) => one?.state === 'failed');
    expect(failed?.workers).toEqual({
      ready: 0,
      problems: [{ kind: 'other', message: 'a worker ended with exit code 1: no queue' }],
    });
    expect(cluster.containers.length).toBeGreaterThanOrEqual(12);
  });

  test('are restarted in place when the kernel kills them for memory, however often', async () => {
    const { cluster, all, seen } = await made({ crash: { code: 137, reason: 'OOMKilled' } });
    await all.reserve({ ...wanted, slots: 1 });
    await all.start('c', 'r-1');
    for (let count = 1; count <= 8; count++) {
      const { state } = (await seen(() => cluster.containers.length >= count)) ?? {};
      expect(state).toBe('started');
    }
    expect(new Set(cluster.containers.map(({ pod }) => pod.metadata.uid)).size).toBe(1);
  });

  test('on a lost node are replaced on another, however often', async () => {
    const { cluster, all, seen } = await made();
    await all.reserve({ ...wanted, slots: 1 });
    await all.start('c', 'r-1');
    for (let turn = 0; turn < 7; turn++) {
      await seen((one) => one?.workers.ready === 1 && cluster.containers.length === turn + 1);
      cluster.setNodes({ nodegroup: 'g', count: 0 });
      await seen((one) => one?.workers.ready === 0);
      cluster.setNodes({ nodegroup: 'g', count: 1 });
    }
    expect((await seen((one) => one?.workers.ready === 1))?.state).toBe('started');
    expect(cluster.containers.at(-1)?.pod.metadata.annotations).toMatchObject({
      'batch.kubernetes.io/job-index-failure-count': '0',
      'batch.kubernetes.io/job-index-ignored-failure-count': '7',
    });
  });

  test('on a lost node are replaced after a pause', async () => {
    const { cluster, all, seen } = await made({ restartDelayMs: 3_600_000 });
    await all.reserve({ ...wanted, slots: 1 });
    await all.start('c', 'r-1');
    await seen((one) => one?.workers.ready === 1);
    cluster.setNodes({ nodegroup: 'g', count: 0 });
    await seen((one) => one?.workers.ready === 0);
    cluster.setNodes({ nodegroup: 'g', count: 1 });
    await all.reserve({ ...wanted, run: 'q', execution: 'q-1', slots: 1 });
    await all.start('c', 'q-1');
    await until(
      async () => cluster.containers.map(({ pod }) => pod.metadata.labels?.['gcd-sfn/run']),
      (runs) => runs.includes('q'),
      patient,
    );
    expect(cluster.containers.map(({ pod }) => pod.metadata.labels?.['gcd-sfn/run'])).toEqual(['r', 'q']);
  });

  test('have time to write before they end, and keep the reservation until then', async () => {
    const { cluster, all, seen } = await made({ obedient: false });
    await all.reserve(wanted);
    await all.start('c', 'r-1');
    await until(
      async () => cluster.containers.length,
      (count) => count === 2,
      patient,
    );
    for (const { ready } of cluster.containers) ready();
    await seen((one) => one?.workers.ready === 2);
    await all.stop('c', 'r-1', 'drain');
    await until(
      async () => cluster.containers.map(({ graces }) => graces),
      (graces) => graces.flat().length === 2,
      patient,
    );
    expect(cluster.containers.map(({ graces }) => graces)).toEqual([[120], [120]]);
    const stopping = await seen((one) => one?.state === 'stopping');
    expect(Math.abs((stopping?.stoppingSince ?? 0) - Date.now() / 1000)).toBeLessThan(60);
    expect(stopping?.workers).toEqual({ ready: 0, problems: [] });
    cluster.containers[0]?.exit(1);
    expect((await seen(() => true))?.state).toBe('stopping');
    await all.stop('c', 'r-1', 'now');
    await until(
      async () => cluster.containers[1]?.graces,
      (graces) => graces?.length === 2,
      patient,
    );
    expect(cluster.containers[1]?.graces).toEqual([120, 1]);
    cluster.containers[1]?.exit(137);
    await seen((one) => one === undefined);
    expect(cluster.containers).toHaveLength(2);
  });
});

describe('a reservation', () => {
  test('has what was reserved, and when', async () => {
    const { all } = await made();
    await all.reserve(wanted);
    const [one] = await all.list('c');
    expect(one).toMatchObject({ run: 'r', execution: 'r-1', nodegroup: 'g', nodes: 1, slots: 2 });
    expect(Math.abs((one?.at ?? 0) - Date.now() / 1000)).toBeLessThan(60);
  });

  test('is refused without an image, or without room', async () => {
    const { all } = await made();
    await expect(all.reserve({ ...wanted, image: 'none' })).rejects.toThrow(ImageFailed);
    await expect(all.reserve({ ...wanted, workersPerNode: 90 })).rejects.toThrow(/no room for 90 workers/);
    const pod = { ...wanted.pod, memoryBytes: 6 * 2 ** 30 };
    await expect(all.reserve({ ...wanted, pod })).rejects.toThrow(/memory_per_worker is 6 GiB/);
    const patch = { hostNetwork: true };
    await expect(all.reserve({ ...wanted, pod: { ...wanted.pod, patch } })).rejects.toThrow(ConfigInvalid);
    expect(await all.list('c')).toEqual([]);
  });

  test('is visible to readers, and created by writers only', async () => {
    const { cluster, all } = await made();
    await all.reserve(wanted);
    const readers = reservationsOf(cluster, groups.readers).all;
    expect(await readers.list('c')).toHaveLength(1);
    await expect(readers.start('c', 'r-1')).rejects.toThrow(AccessDenied);
    await expect(readers.reserve({ ...wanted, execution: 'r-2' })).rejects.toThrow(
      /not allowed: create jobs for reservation of r-2 in cluster c \(jobs\.batch is forbidden/,
    );
    await expect(readers.stop('c', 'r-1', 'now')).rejects.toThrow(AccessDenied);
    await expect(reservationsOf(cluster, 'others').all.list('c')).rejects.toThrow(/not allowed: list/);
    await expect(reservationsOf(cluster, 'nobody').all.list('c')).rejects.toThrow(Unreachable);
  });

  test('fails without the namespace, or without the server', async () => {
    const { cluster, all } = await made();
    const { core } = cluster.official('system:masters');
    await core.deleteNamespace({ name: namespace });
    await expect(reservationsOf(cluster, 'system:masters').all.reserve(wanted)).rejects.toThrow(NotFound);
    await cluster.stop();
    clusters.length = 0;
    await expect(all.start('c', 'r-1')).rejects.toThrow(Unreachable);
  });
});

/** The share of a node that a worker gets. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  allocatable,
  type Machine,
  reservedCpuMillis,
  shareOf,
} from '../../../../adapters/kubernetes/worker-share.ts';

const gibi = 2 ** 30;

describe('the share of a worker', () => {
  test('leaves the reservation of the kubelet in EKS', () => {
    expect([1, 2, 4, 8, 96].map(reservedCpuMillis)).toEqual([60, 70, 80, 90, 310]);
  });

  test('is within what nodes of these types report', () => {
    // As `kubectl get node` shows nodes of EKS: allocatable CPU, and memory in Ki.
    const large = allocatable({ vcpus: 2, memoryBytes: 8 * gibi, maxPods: 29, diskGiB: 30 });
    expect(large.cpuMillis).toBe(1930);
    expect(large.memoryBytes).toBeLessThanOrEqual(7_220_184 * 1024);
    expect(large.memoryBytes).toBeGreaterThan(0.93 * 7_220_184 * 1024);
  });

  test('is most of a CPU, with a worker for each', () => {
    expect(shareOf({ vcpus: 2, memoryBytes: 8 * gibi, maxPods: 29, diskGiB: 30 }, 2)).toEqual({
      cpuMillis: 789,
      memoryBytes: 3269 * 2 ** 20,
      diskBytes: 8.5 * gibi,
    });
  });

  const machines = fc.record<Machine>({
    vcpus: fc.integer({ min: 1, max: 192 }),
    memoryBytes: fc.integer({ min: 1, max: 1536 }).map((size) => size * (gibi / 2)),
    maxPods: fc.integer({ min: 4, max: 737 }),
    diskGiB: fc.constant(16_384),
  });

  test('fits as often as there are workers, beside the pods of the system', () => {
    fc.assert(
      fc.property(machines, fc.integer({ min: 1, max: 256 }), (machine, workers) => {
        const share = shareOf(machine, workers);
        if (!share) return;
        const node = allocatable(machine);
        expect(share.cpuMillis).toBeGreaterThan(0);
        expect(share.memoryBytes).toBeGreaterThanOrEqual(128 * 2 ** 20);
        // Each with its keeper; aws-node, kube-proxy and two of CoreDNS.
        expect((share.cpuMillis + 1) * workers + 50 + 100 + 200).toBeLessThanOrEqual(node.cpuMillis);
        expect((share.memoryBytes + 32 * 2 ** 20) * workers + 140 * 2 ** 20).toBeLessThanOrEqual(
          node.memoryBytes,
        );
      }),
    );
  });

  test('leaves too little for larger shares', () => {
    fc.assert(
      fc.property(machines, fc.integer({ min: 1, max: 256 }), (machine, workers) => {
        const share = shareOf(machine, workers);
        if (!share) return;
        const node = allocatable(machine);
        expect((share.cpuMillis + 2) * workers + 350).toBeGreaterThan(node.cpuMillis);
        expect((share.memoryBytes + 33 * 2 ** 20) * workers + 300 * 2 ** 20).toBeGreaterThan(
          node.memoryBytes,
        );
      }),
    );
  });

  test('of the disk leaves room for the system and images, below the eviction threshold', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 2000 }), fc.integer({ min: 1, max: 96 }), (diskGiB, workers) => {
        const share = shareOf({ vcpus: 96, memoryBytes: 384 * gibi, maxPods: 250, diskGiB }, workers);
        if (share)
          expect(share.diskBytes * workers + 9 * gibi).toBeLessThanOrEqual((diskGiB * 0.9 - 1) * gibi);
        else expect(workers).toBeGreaterThan(30);
      }),
    );
  });

  test('is undefined when there is no room', () => {
    expect(shareOf({ vcpus: 2, memoryBytes: gibi, maxPods: 4, diskGiB: 200 }, 20)).toBeUndefined();
    expect(shareOf({ vcpus: 1, memoryBytes: gibi / 2, maxPods: 110, diskGiB: 30 }, 1)).toBeUndefined();
  });
});

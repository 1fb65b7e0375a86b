/** How a node is shared. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  allocatable,
  type Machine,
  reservedCpuMillis,
  shareOf,
} from '../../../../adapters/kubernetes/share.ts';

const gibi = 2 ** 30;

describe('the share of a worker', () => {
  test('leaves to the kubelet what EKS gives it', () => {
    expect([1, 2, 4, 8, 96].map(reservedCpuMillis)).toEqual([60, 70, 80, 90, 310]);
  });

  test('is within what nodes of these types report', () => {
    // As `kubectl get node` shows nodes of EKS: allocatable CPU, and memory in Ki.
    const large = allocatable({ vcpus: 2, memoryBytes: 8 * gibi, maxPods: 29 });
    expect(large.cpuMillis).toBe(1930);
    expect(large.memoryBytes).toBeLessThanOrEqual(7_220_184 * 1024);
    expect(large.memoryBytes).toBeGreaterThan(0.93 * 7_220_184 * 1024);
  });

  test('is most of a processor, where each has a worker', () => {
    expect(shareOf({ vcpus: 2, memoryBytes: 8 * gibi, maxPods: 29 }, 2)).toEqual({
      cpuMillis: 789,
      memoryBytes: 3285 * 2 ** 20,
    });
  });

  const machines = fc.record<Machine>({
    vcpus: fc.integer({ min: 1, max: 192 }),
    memoryBytes: fc.integer({ min: 1, max: 1536 }).map((size) => size * (gibi / 2)),
    maxPods: fc.integer({ min: 4, max: 737 }),
  });

  test('lets all workers be on the node, beside the pods of the system', () => {
    fc.assert(
      fc.property(machines, fc.integer({ min: 1, max: 256 }), (machine, workers) => {
        const share = shareOf(machine, workers);
        if (!share) return;
        const node = allocatable(machine);
        expect(share.cpuMillis).toBeGreaterThan(0);
        expect(share.memoryBytes).toBeGreaterThanOrEqual(128 * 2 ** 20);
        // Each with the container beside it; aws-node, kube-proxy and two of CoreDNS.
        expect((share.cpuMillis + 1) * workers + 50 + 100 + 200).toBeLessThanOrEqual(node.cpuMillis);
        expect((share.memoryBytes + 16 * 2 ** 20) * workers + 140 * 2 ** 20).toBeLessThanOrEqual(
          node.memoryBytes,
        );
      }),
    );
  });

  test('leaves nothing over that would be enough for each to have more', () => {
    fc.assert(
      fc.property(machines, fc.integer({ min: 1, max: 256 }), (machine, workers) => {
        const share = shareOf(machine, workers);
        if (!share) return;
        const node = allocatable(machine);
        expect((share.cpuMillis + 2) * workers + 350).toBeGreaterThan(node.cpuMillis);
        expect((share.memoryBytes + 17 * 2 ** 20) * workers + 300 * 2 ** 20).toBeGreaterThan(
          node.memoryBytes,
        );
      }),
    );
  });

  test('is none where there is no room', () => {
    expect(shareOf({ vcpus: 2, memoryBytes: gibi, maxPods: 4 }, 20)).toBeUndefined();
    expect(shareOf({ vcpus: 1, memoryBytes: gibi / 2, maxPods: 110 }, 1)).toBeUndefined();
  });
});

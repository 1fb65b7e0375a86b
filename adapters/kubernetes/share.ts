/** How a node is shared among its workers. */

/** A machine as EC2 describes its type. */
export interface Machine {
  vcpus: number;
  /** As EC2 states it; the machine itself sees some percent less. */
  memoryBytes: number;
  /** Pods that EKS lets a node of this type have: what the kubelet keeps for itself grows with them. */
  maxPods: number;
}

/** What one worker asks for. */
export interface Share {
  /** Thousandths of a CPU. */
  cpuMillis: number;
  memoryBytes: number;
}

const mebi = 2 ** 20;

/** Of what EC2 states; the rest is the hypervisor's and the kernel's. Karpenter's default (`vmMemoryOverheadPercent`). */
const seenMemory = 1 - 0.075;
/** `evictionHard` of EKS's AL2023 (nodeadm, `defaultKubeletSubConfig`). */
const evictionMemory = 100 * mebi;
/**
 * What EKS's own pods ask for on a node: aws-node 50 m, kube-proxy 100 m and, as both may come to lie on one node, two
 * CoreDNS with 100 m and 70 Mi each. Those that ask for no memory use some, too.
 */
const systemPods: Share = { cpuMillis: 350, memoryBytes: 300 * mebi };

/** What the container beside each worker asks for. */
export const keeperShare: Share = { cpuMillis: 1, memoryBytes: 16 * mebi };
/** A Python with the agent's own packages does not live in less. */
const leastMemory = 128 * mebi;

/**
 * What the kubelet of EKS's AL2023 keeps for itself of CPUs (nodeadm, `getCPUMillicoresToReserve`): 6 % of the first, 1 %
 * of the second, half a percent of the third and the fourth, a quarter of a percent of each other.
 */
export function reservedCpuMillis(vcpus: number): number {
  let millis = 0;
  for (let cpu = 1; cpu <= vcpus; cpu++) millis += cpu === 1 ? 60 : cpu === 2 ? 10 : cpu <= 4 ? 5 : 2.5;
  return Math.ceil(millis);
}

/** The same of memory (nodeadm, `GetMemoryMebibytesToReserve`). */
export const reservedMemoryBytes = (maxPods: number): number => (11 * maxPods + 255) * mebi;

/** What pods can have of a node. */
export function allocatable({ vcpus, memoryBytes, maxPods }: Machine): Share {
  return {
    cpuMillis: vcpus * 1000 - reservedCpuMillis(vcpus),
    memoryBytes: Math.floor(memoryBytes * seenMemory) - reservedMemoryBytes(maxPods) - evictionMemory,
  };
}

/**
 * The equal share of each of a node's workers; undefined when so many cannot be on such a machine.
 * @param workers workers on a node
 */
export function shareOf(machine: Machine, workers: number): Share | undefined {
  const whole = allocatable(machine);
  const cpuMillis = Math.floor((whole.cpuMillis - systemPods.cpuMillis) / workers) - keeperShare.cpuMillis;
  const memoryMebi = Math.floor((whole.memoryBytes - systemPods.memoryBytes) / workers / mebi);
  const memoryBytes = memoryMebi * mebi - keeperShare.memoryBytes;
  return cpuMillis > 0 && memoryBytes >= leastMemory ? { cpuMillis, memoryBytes } : undefined;
}

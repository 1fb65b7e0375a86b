/** How a node is shared among its workers. */

/** A machine as EC2 describes its type. */
export interface Machine {
  vcpus: number;
  /** As EC2 states it; the machine itself sees some percent less. */
  memoryBytes: number;
  /** Pods that EKS lets a node of this type have: what the kubelet keeps for itself grows with them. */
  maxPods: number;
  /** Of its disk. */
  diskGiB: number;
}

/** What there is of a node for its pods, or for one of them. */
export interface Share {
  /** Thousandths of a CPU. */
  cpuMillis: number;
  memoryBytes: number;
}

/** What one worker may have. */
export interface WorkerShare extends Share {
  /** Of the node's disk. */
  diskBytes: number;
}

/**
 * Of its share, what a worker has reserved: what it may have besides is there when nobody else needs it. The rest is for
 * daemon sets that an organisation adds: for lack of room, none of a node's workers is to wait for ever.
 */
const reserved = { cpu: 0.8, memory: 0.9 };

/** What a worker asks the scheduler for. @param memoryBytes what it may have, when that is less than its share */
export const requestOf = (share: Share, memoryBytes: number = share.memoryBytes): Share => ({
  cpuMillis: Math.max(1, Math.floor(share.cpuMillis * reserved.cpu)),
  memoryBytes: Math.min(memoryBytes, Math.floor(share.memoryBytes * reserved.memory)),
});

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

/** What the container beside each worker asks for. A runc that copies itself needs 16 MiB to begin (opencontainers/runc#4427). */
export const keeperShare: Share = { cpuMillis: 1, memoryBytes: 32 * mebi };
/** A Python with the agent's own packages does not live in less. */
const leastMemory = 128 * mebi;
/** The kubelet ends pods when less than a tenth of the disk is free, and EKS's keeps 1 GiB (nodeadm, `kubeReserved`). */
const evictionDisk = 0.1;
const keptDisk = 2 ** 30;
/** For the system, and the images: they lie on the same disk, and the scheduler does not count them. */
const systemDisk = 9 * 2 ** 30;
const leastDisk = 256 * mebi;

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
export function shareOf(machine: Machine, workers: number): WorkerShare | undefined {
  const whole = allocatable(machine);
  const cpuMillis = Math.floor((whole.cpuMillis - systemPods.cpuMillis) / workers) - keeperShare.cpuMillis;
  const memoryMebi = Math.floor((whole.memoryBytes - systemPods.memoryBytes) / workers / mebi);
  const memoryBytes = memoryMebi * mebi - keeperShare.memoryBytes;
  const disk = machine.diskGiB * 2 ** 30 * (1 - evictionDisk) - keptDisk - systemDisk;
  const diskBytes = Math.floor(disk / workers / mebi) * mebi;
  const isEnough = cpuMillis > 0 && memoryBytes >= leastMemory && diskBytes >= leastDisk;
  return isEnough ? { cpuMillis, memoryBytes, diskBytes } : undefined;
}

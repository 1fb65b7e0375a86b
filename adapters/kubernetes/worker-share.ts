/** The share of a node that one of its workers gets. */

/** An instance type, as EC2 describes it. */
export interface Machine {
  vcpus: number;
  /** As EC2 states it; the operating system sees some percent less. */
  memoryBytes: number;
  /** Maximum of pods on a node of this type in EKS. The kubelet's own reservation grows with it. */
  maxPods: number;
  /** Size of its disk. */
  diskGiB: number;
}

/** CPU and memory of a node that its pods, or one of them, can have. */
export interface Share {
  /** Thousandths of a CPU. */
  cpuMillis: number;
  memoryBytes: number;
}

/** Maximum resources of one worker. */
export interface WorkerShare extends Share {
  /** Part of the node's disk. */
  diskBytes: number;
}

/**
 * Part of its share that a worker requests. The rest leaves room for the daemon sets of an organisation: otherwise the last
 * worker of each node would stay pending. A worker can use the rest, too, while nobody else does.
 */
const requestedPart = { cpu: 0.8, memory: 0.9 };

/** Resource requests of a worker. @param memoryBytes its memory limit, if that is less than its share */
export const requestOf = (share: Share, memoryBytes: number = share.memoryBytes): Share => ({
  cpuMillis: Math.max(1, Math.floor(share.cpuMillis * requestedPart.cpu)),
  memoryBytes: Math.min(memoryBytes, Math.floor(share.memoryBytes * requestedPart.memory)),
});

const mebi = 2 ** 20;

/** Part of EC2's figure without hypervisor and kernel. Karpenter's default (`vmMemoryOverheadPercent`). */
const usableMemory = 1 - 0.075;
/** `evictionHard` of EKS's AL2023 (nodeadm, `defaultKubeletSubConfig`). */
const evictionMemory = 100 * mebi;
/**
 * Requests of EKS's own pods on a node: aws-node 50m, kube-proxy 100m and two CoreDNS with 100m and 70Mi each, as both may
 * run on one node. The rest is for pods without a memory request.
 */
const systemPods: Share = { cpuMillis: 350, memoryBytes: 300 * mebi };

/** Requests of the keeper beside each worker. runc needs 16 MiB to start a container (opencontainers/runc#4427). */
export const keeperShare: Share = { cpuMillis: 1, memoryBytes: 32 * mebi };
/** Python with the agent's packages needs as much. */
const minimumMemory = 128 * mebi;
/** The kubelet evicts pods when less than a tenth of the disk is free. EKS reserves 1 GiB more (nodeadm, `kubeReserved`). */
const evictionDisk = 0.1;
const reservedDisk = 2 ** 30;
/** The system and the images, on the same disk. The scheduler does not count them. */
const systemDisk = 9 * 2 ** 30;
const minimumDisk = 256 * mebi;

/**
 * CPU reservation of the kubelet in EKS's AL2023 (nodeadm, `getCPUMillicoresToReserve`): 6 % of the first CPU, 1 % of the
 * second, 0.5 % of the third and the fourth, 0.25 % of each other.
 */
export function reservedCpuMillis(vcpus: number): number {
  let millis = 0;
  for (let cpu = 1; cpu <= vcpus; cpu++) millis += cpu === 1 ? 60 : cpu === 2 ? 10 : cpu <= 4 ? 5 : 2.5;
  return Math.ceil(millis);
}

/** Memory reservation of the kubelet (nodeadm, `GetMemoryMebibytesToReserve`). */
export const reservedMemoryBytes = (maxPods: number): number => (11 * maxPods + 255) * mebi;

/** CPU and memory of a node that its pods can have. */
export function allocatable({ vcpus, memoryBytes, maxPods }: Machine): Share {
  return {
    cpuMillis: vcpus * 1000 - reservedCpuMillis(vcpus),
    memoryBytes: Math.floor(memoryBytes * usableMemory) - reservedMemoryBytes(maxPods) - evictionMemory,
  };
}

/**
 * The equal share of each worker of a node; undefined when so many workers do not fit.
 * @param workers workers on a node
 */
export function shareOf(machine: Machine, workers: number): WorkerShare | undefined {
  const node = allocatable(machine);
  const cpuMillis = Math.floor((node.cpuMillis - systemPods.cpuMillis) / workers) - keeperShare.cpuMillis;
  const memoryMebi = Math.floor((node.memoryBytes - systemPods.memoryBytes) / workers / mebi);
  const memoryBytes = memoryMebi * mebi - keeperShare.memoryBytes;
  const disk = machine.diskGiB * 2 ** 30 * (1 - evictionDisk) - reservedDisk - systemDisk;
  const diskBytes = Math.floor(disk / workers / mebi) * mebi;
  const isEnough = cpuMillis > 0 && memoryBytes >= minimumMemory && diskBytes >= minimumDisk;
  return isEnough ? { cpuMillis, memoryBytes, diskBytes } : undefined;
}

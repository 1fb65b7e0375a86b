/** CPU and memory of this machine, and of processes with their descendants. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { promisify } from 'node:util';
import pidusage from 'pidusage';
import type { MachineUsage } from '../../core/run-store/status/run-status.ts';

export interface Usage {
  /** Percent of one core. */
  cpu: number;
  /** Resident bytes; what processes share is counted for each. */
  memory: number;
  /** Number of processes; 0 if none is alive. */
  processes: number;
}

interface Measured {
  /** Milliseconds of CPU since it started. */
  ctime: number;
  /** When this was measured, milliseconds since 1970. */
  timestamp: number;
  memory: number;
}

export class ProcessesUsage {
  /** Last measurement by pid. */
  #last = new Map<number, Measured>();

  /**
   * Usage of each of these processes with its descendants. CPU is measured since the last call; processes that did not exist
   * then count as 0.
   */
  async measure(roots: number[]): Promise<Map<number, Usage>> {
    const parents = await parentsOf();
    const families = new Map(roots.map((root) => [root, familyOf(root, parents)]));
    const measured = await measureProcesses([...new Set([...families.values()].flat())]);
    const usages = new Map<number, Usage>();
    for (const [root, family] of families) {
      const usage: Usage = { cpu: 0, memory: 0, processes: 0 };
      for (const pid of family) {
        const one = measured.get(pid);
        if (!one) continue;
        usage.cpu += this.#cpuOf(pid, one);
        usage.memory += one.memory;
        usage.processes++;
      }
      usages.set(root, usage);
    }
    this.#last = measured;
    return usages;
  }

  /** Releases resources. */
  close(): void {
    pidusage.clear();
  }

  /** From the CPU time, since ps, used on some systems, reports the age in seconds only. */
  #cpuOf(pid: number, { ctime, timestamp }: Measured): number {
    const last = this.#last.get(pid);
    const passed = last ? timestamp - last.timestamp : 0;
    return last && passed > 0 ? Math.max(0, (100 * (ctime - last.ctime)) / passed) : 0;
  }
}

/** Skips processes that have ended. */
async function measureProcesses(pids: number[]): Promise<Map<number, Measured>> {
  if (pids.length === 0) return new Map();
  try {
    const found: Record<string, Measured | null> = await pidusage(pids);
    return new Map(pids.flatMap((pid) => (found[pid] ? [[pid, found[pid]]] : [])));
  } catch (error) {
    if (!/No matching pid/.test((error as Error).message)) throw error;
    if (pids.length === 1) return new Map();
    // One process that has ended makes pidusage fail for all.
    const each = await Promise.all(pids.map((pid) => measureProcesses([pid])));
    return new Map(each.flatMap((one) => [...one]));
  }
}

/** The root itself comes first. @param parents the parent of each process */
export function familyOf(root: number, parents: Map<number, number>): number[] {
  if (!parents.has(root)) return [];
  const children = new Map<number, number[]>();
  for (const [pid, parent] of parents) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const family = new Set([root]);
  // Iterating over a set includes items that are added during the loop.
  for (const pid of family) for (const child of children.get(pid) ?? []) family.add(child);
  return [...family];
}

/** Parents of all processes of this machine, from /proc on Linux, else from ps. */
async function parentsOf(): Promise<Map<number, number>> {
  if (process.platform === 'linux') return parentsInProc();
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  return parentsFromPs(stdout);
}

export function parentsFromPs(text: string): Map<number, number> {
  const pairs = [...text.matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm)];
  return new Map(pairs.map(([, pid, parent]) => [Number(pid), Number(parent)]));
}

async function parentsInProc(): Promise<Map<number, number>> {
  const parents = new Map<number, number>();
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    names.map(async (name) => {
      const stat = await readFile(`/proc/${name}/stat`, 'latin1').catch(() => '');
      // The command's name, in parentheses, may contain anything.
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (parent !== undefined && state !== 'Z') parents.set(Number(name), Number(parent));
    }),
  );
  return parents;
}

/** CPU and memory of this machine. */
export class Machine {
  #last = times();

  /** CPU is measured since the last call, or since the constructor. */
  measure(): MachineUsage {
    const [last, now] = [this.#last, times()];
    this.#last = now;
    const all = now.all - last.all;
    return {
      cores: availableParallelism(),
      cpu: all > 0 ? (100 * cpus().length * (now.busy - last.busy)) / all : 0,
      memoryTotal:
        process.constrainedMemory() > 0 ? Math.min(process.constrainedMemory(), totalmem()) : totalmem(),
      memoryAvailable: process.availableMemory(),
    };
  }
}

function times(): { busy: number; all: number } {
  let [busy, all] = [0, 0];
  for (const { times } of cpus()) {
    const sum = times.user + times.nice + times.sys + times.irq + times.idle;
    all += sum;
    busy += sum - times.idle;
  }
  return { busy, all };
}

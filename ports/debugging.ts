/** Somebody who looks into a cluster from its bastion. */

export interface DebugMachine {
  /** EC2's. */
  id: string;
  /** Public address; null while it has none. */
  address: string | null;
}

export interface Debugging {
  /** The machine of a bastion that runs; undefined when none does. */
  machine(bastion: string): Promise<DebugMachine | undefined>;
  /** Marks the bastion as used, so that no end of a run stops it; or no longer. */
  mark(bastion: string, used: boolean): Promise<void>;
  /** Keeps the public half of a key, as OpenSSH writes it; another one of that name is replaced. */
  keepKey(name: string, publicKey: string): Promise<void>;
  /** Has the machine let in whoever holds the key. @returns false while the machine cannot be told yet */
  letIn(machine: DebugMachine, publicKey: string): Promise<boolean>;
  /** Opens port 22 for one address, such as `198.51.100.7/32`. */
  open(address: string): Promise<void>;
  /** Closes port 22 for one address; null: for everybody. */
  close(address: string | null): Promise<{ closed: string[]; stillOpen: string[] }>;
}

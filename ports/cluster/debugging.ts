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
  /**
   * Keeps the public half of a key, as OpenSSH writes it; another one of that name is replaced, if it is the stack's.
   * @throws NotOurs
   */
  keepKey(name: string, publicKey: string): Promise<void>;
  /**
   * Has the machine let in whoever holds the key, until then and no longer.
   * @param until seconds since 1970
   * @returns the machine's own public key, `ssh-ed25519 AAAA…`, by which it is recognised; undefined while it cannot be told yet
   */
  letIn(machine: DebugMachine, publicKey: string, until: number): Promise<string | undefined>;
  /**
   * Has the machine let in nobody with this key any more.
   * @param publicKey null: nobody who debugs
   * @returns false when the machine cannot be told
   */
  letOut(machine: DebugMachine, publicKey: string | null): Promise<boolean>;
}

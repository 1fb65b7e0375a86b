/** SSH access to a bastion for a debug session. */

export interface DebugMachine {
  /** EC2 instance id. */
  id: string;
  /** Public address; null while it has none. */
  address: string | null;
}

export interface Debugging {
  /** The running instance of a bastion; undefined if it is not running. */
  machine(bastion: string): Promise<DebugMachine | undefined>;
  /**
   * Stores a public key in OpenSSH's format; replaces one of the same name, if it is the stack's.
   * @throws NotOurs
   */
  keepKey(name: string, publicKey: string): Promise<void>;
  /**
   * Authorizes the key on the instance until then.
   * @param until seconds since 1970
   * @returns the instance's host key, `ssh-ed25519 AAAA…`; undefined while the instance does not take commands yet
   */
  letIn(machine: DebugMachine, publicKey: string, until: number): Promise<string | undefined>;
  /**
   * Removes the key from the instance.
   * @param publicKey null: the keys of all debug sessions
   * @returns false if the instance does not take commands
   */
  letOut(machine: DebugMachine, publicKey: string | null): Promise<boolean>;
}

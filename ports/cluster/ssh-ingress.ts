/** Ingress rules for port 22 of the bastions: open to debug sessions, each with an end. */

export interface SshRule {
  /** CIDR, such as `198.51.100.7/32`. */
  address: string;
  /** When to close it, seconds since 1970; null: opened without an end. */
  until: number | null;
}

export interface SshIngress {
  rules(): Promise<SshRule[]>;
  /** Opens port 22 to an address until then; an open one keeps the later of the two ends. */
  open(address: string, until: number): Promise<void>;
  /** The same for an address that is open. @returns false if it is not */
  extend(address: string, until: number): Promise<boolean>;
  /** Idempotent. */
  close(addresses: string[]): Promise<void>;
}

/** Port 22 of the bastions: open for those who debug, each with an end, else for nobody. */

/** An address that gets in. */
export interface Way {
  /** Such as `198.51.100.7/32`. */
  address: string;
  /** When it is to be closed, in seconds since 1970; null: nobody said so. */
  until: number | null;
}

export interface SshDoor {
  ways(): Promise<Way[]>;
  /** Opens it for an address until then; one that is open stays so until then, or longer where that was said before. */
  open(address: string, until: number): Promise<void>;
  /** The same for an address that is open. @returns false when it is not */
  extend(address: string, until: number): Promise<boolean>;
  /** Those that are closed already are no error. */
  close(addresses: string[]): Promise<void>;
}

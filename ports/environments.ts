/** Pythons with a project's packages. */

export interface EnvironmentSpec {
  /** Absolute path of the (frozen) project folder, with or without a `requirements.txt`. */
  project: string;
  /** What `python:` in config.yaml says: a version such as `3.11`, a command or a path; null takes what is there. */
  python: string | null;
}

export interface Environment {
  /** Command line of the interpreter. */
  python: string[];
  /** Its version, e.g. `3.11.7`. */
  version: string;
  /** Lines for the user: what was left out of requirements.txt or relaxed, and why. */
  notices: string[];
}

export interface Environments {
  /**
   * The environment, if it is there already.
   * @throws PythonUnsuitable when no Python on this machine will do
   */
  find(wanted: EnvironmentSpec): Promise<Environment | undefined>;
  /**
   * Begins to make it, or sees how far it is when somebody is at it already; never waits for long.
   * @returns a line for the user: what is being done right now
   * @throws InstallFailed with the installer's last lines; nothing half made is left behind
   */
  build(wanted: EnvironmentSpec): Promise<{ detail: string }>;
  /** Ends a build that is under way. Nothing half made is left behind. */
  cancel(): Promise<void>;
}

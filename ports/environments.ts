/** Virtual environments with a project's packages. */

export interface EnvironmentSpec {
  /** Absolute path of the (frozen) project folder, with or without a `requirements.txt`. */
  project: string;
  /** `python` of config.yaml: a version such as `3.11`, a command or a path; null: any installed one. */
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
   * The environment, if it exists.
   * @throws PythonUnsuitable if no Python on this machine will do
   */
  find(wanted: EnvironmentSpec): Promise<Environment | undefined>;
  /**
   * Starts the creation, or checks the progress of one that is running; returns within about a second.
   * @returns a line for the user: the current step
   * @throws InstallFailed with pip's last lines; nothing incomplete is left behind
   */
  build(wanted: EnvironmentSpec): Promise<{ detail: string }>;
  /** Cancels a running creation. Nothing incomplete is left behind. */
  cancel(): Promise<void>;
}

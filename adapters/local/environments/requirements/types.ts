/** What a project asks for, wherever it says so. */

export interface Entry {
  /** A line as pip reads it; paths in it are absolute. */
  text: string;
  /** Where it stands: path from the project folder, and number of the line. */
  file: string;
  line: number;
  /** Whether it asks for a package, as opposed to an option. */
  asks: boolean;
  /** Whether it is in the predecessor's fenced block of server packages. */
  fenced: boolean;
  /** Absolute path of the folder that it asks for, with which `text` begins; undefined when it asks for something else. */
  local?: string;
}

export interface Requirements {
  entries: Entry[];
  /** Absolute paths of files and folders that an entry refers to. */
  attached: string[];
}

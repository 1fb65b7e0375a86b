/** One requirement, and the list of those of a project. */

/** `name[extras] versions ; marker`: what is found on an index, as opposed to at an address or a path. */
export interface Plain {
  name: string;
  /** With its brackets, or empty. */
  extras: string;
  /** E.g. `==1.3.5`, or empty. */
  versions: string;
  /** With its semicolon, or empty. */
  marker: string;
}

const plain =
  /^(?<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?<extras>\[[^\]]*\])?\s*(?<versions>\(?\s*(?:===?|[<>!~]=?)[^;@]*)?\s*(?<marker>;.*)?$/;

/** @returns undefined for addresses, paths, options, and for what carries options of its own (`--hash`) */
export function parsePlain(text: string): Plain | undefined {
  if (/\s--?[a-z]/.test(text)) return undefined;
  const groups = plain.exec(text)?.groups;
  if (!groups?.name) return undefined;
  const { name, extras = '', versions = '', marker = '' } = groups;
  return { name, extras, versions: versions.trim(), marker };
}

/** The one spelling of a distribution's name: `Flask_CeleryExt` is `flask-celeryext`. */
export const canonical = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

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

/** Whether another version may be installed another day: a version range, no version, or a branch of a repository. */
export function isUnpinned({ asks, local, text }: Entry): boolean {
  if (!asks || local !== undefined) return false;
  const plain = parsePlain(text.replace(/\s+--hash\b.*$/s, ''));
  if (plain) return !/^\(?\s*={2,3}[^*,]+$/.test(plain.versions);
  return /\bgit\+/.test(text) && !/@[0-9a-f]{40}\b/i.test(text);
}

/** A requirement, and the requirements of a project. */

/** `name[extras] versions ; marker`: a package from an index, not from a URL or a path. */
export interface NamedRequirement {
  name: string;
  /** With its brackets, or empty. */
  extras: string;
  /** E.g. `==1.3.5`, or empty. */
  versions: string;
  /** With its semicolon, or empty. */
  marker: string;
}

const pattern =
  /^(?<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?<extras>\[[^\]]*\])?\s*(?<versions>\(?\s*(?:===?|[<>!~]=?)[^;@]*)?\s*(?<marker>;.*)?$/;

/** @returns undefined for URLs, paths, options, and requirements with options (`--hash`) */
export function parseNamed(text: string): NamedRequirement | undefined {
  if (/\s--?[a-z]/.test(text)) return undefined;
  const groups = pattern.exec(text)?.groups;
  if (!groups?.name) return undefined;
  const { name, extras = '', versions = '', marker = '' } = groups;
  return { name, extras, versions: versions.trim(), marker };
}

/** The normalised name of a distribution: `flask-celeryext` for `Flask_CeleryExt`. */
export const canonical = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

export interface Entry {
  /** A line of requirements.txt as pip reads it, with absolute paths. */
  text: string;
  /** Path from the project folder. */
  file: string;
  /** Line number in the file, from 1. */
  line: number;
  /** False for a line of options. */
  isPackage: boolean;
  /** Whether it is in the predecessor's fenced block of server packages. */
  fenced: boolean;
  /** Absolute path of the local package, with which `text` starts; undefined for other requirements. */
  local?: string;
}

export interface Requirements {
  entries: Entry[];
  /** Absolute paths of the files and folders that entries refer to. */
  attached: string[];
}

/** Whether another version may be installed another day: a version range, no version, or a branch of a repository. */
export function isUnpinned({ isPackage, local, text }: Entry): boolean {
  if (!isPackage || local !== undefined) return false;
  const plain = parseNamed(text.replace(/\s+--hash\b.*$/s, ''));
  if (plain) return !/^\(?\s*={2,3}[^*,]+$/.test(plain.versions);
  return /\bgit\+/.test(text) && !/@[0-9a-f]{40}\b/i.test(text);
}

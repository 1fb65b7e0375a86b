/** One line of a requirements file that asks for a package. */

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

/** Files that systems and programs leave in folders, and that nobody means. */
import type { HiddenFiles } from '../../ports/plan.ts';

/** Names of folders and of files, besides all that begin with a dot. */
const system = new Set([
  '__MACOSX',
  '__pycache__',
  'lost+found',
  '$RECYCLE.BIN',
  'System Volume Information',
  '@eaDir',
  'Thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  'Desktop.ini',
  'Icon\r',
]);

/** Whether a part of a key is hidden: `.DS_Store`, `._a.csv`, `.git`, `~$book.xlsx`. */
const isHiddenName = (name: string) =>
  (name.startsWith('.') && name !== '.' && name !== '..') || name.startsWith('~$') || system.has(name);

const hasHidden = /(?:^|\/)(?:\.|~\$|__|lost\+|\$REC|System |@ea|Thumbs|ehthumbs|[dD]esktop|Icon)/;

/** Whether a file or a folder above it is hidden. */
export function isHidden(key: string): boolean {
  // Most keys have nothing of the kind in them.
  return hasHidden.test(key) && key.split('/').some(isHiddenName);
}

/** Whether a pattern asks for such files: one of its parts is called so. */
export const asksForHidden = (pattern: string): boolean => pattern.split('/').some(isHiddenName);

const shown = 3;

/** Counts files that are passed over. */
export class Hidden {
  #count = 0;
  #first: string[] = [];

  add(key: string): void {
    this.addAll({ count: 1, first: [key] });
  }

  addAll({ count, first }: HiddenFiles): void {
    this.#count += count;
    if (this.#first.length < shown) this.#first = [...this.#first, ...first].slice(0, shown);
  }

  get count(): number {
    return this.#count;
  }

  get found(): HiddenFiles {
    return { count: this.#count, first: this.#first };
  }

  /** What was found so far; it begins anew. */
  take(): HiddenFiles | undefined {
    if (this.#count === 0) return undefined;
    const { found } = this;
    [this.#count, this.#first] = [0, []];
    return found;
  }
}

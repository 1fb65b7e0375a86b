/** Files that a run passes over and says so: counted, with the first few. */
import type { FewFiles } from '../../../core/run-store/plan/plan.ts';

const shown = 3;

class Few {
  count = 0;
  first: string[] = [];

  add({ count, first }: FewFiles): void {
    this.count += count;
    if (this.first.length < shown) this.first = [...this.first, ...first].slice(0, shown);
  }
}

/** What was passed over: hidden and system files, and those that match but for capital and small letters. */
export interface Passed {
  hidden?: FewFiles;
  otherCase?: FewFiles;
}

const kinds = ['hidden', 'otherCase'] as const;

export class PassedOver {
  #found = { hidden: new Few(), otherCase: new Few() };

  add(kind: keyof Passed, key: string): void {
    this.#found[kind].add({ count: 1, first: [key] });
  }

  addAll(passed: Passed): void {
    for (const kind of kinds) if (passed[kind]) this.#found[kind].add(passed[kind]);
  }

  /** Of both kinds. */
  get found(): Required<Passed> {
    const of = ({ count, first }: Few): FewFiles => ({ count, first });
    return { hidden: of(this.#found.hidden), otherCase: of(this.#found.otherCase) };
  }

  /** What was found so far; it begins anew. */
  take(): Passed {
    const { hidden, otherCase } = this.#found;
    if (hidden.count + otherCase.count === 0) return {};
    const { found } = this;
    this.#found = { hidden: new Few(), otherCase: new Few() };
    return {
      ...(hidden.count > 0 && { hidden: found.hidden }),
      ...(otherCase.count > 0 && { otherCase: found.otherCase }),
    };
  }
}

/** Files that systems and programs leave in folders, and that nobody means. */

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

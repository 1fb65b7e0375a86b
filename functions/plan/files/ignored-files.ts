/** Files that a run ignores: hidden and system files, and those that match except for letter case. */
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

/** Ignored files, by reason. */
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

  /** Returns what was found since the last call. */
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

/** Names of system files and folders, besides those with a leading dot. */
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

/** Whether a component of a key is hidden: `.DS_Store`, `._a.csv`, `.git`, `~$book.xlsx`. */
const isHiddenName = (name: string) =>
  (name.startsWith('.') && name !== '.' && name !== '..') || name.startsWith('~$') || system.has(name);

const hasHidden = /(?:^|\/)(?:\.|~\$|__|lost\+|\$REC|System |@ea|Thumbs|ehthumbs|[dD]esktop|Icon)/;

/** Whether a file or a folder above it is hidden. */
export function isHidden(key: string): boolean {
  // Fast path for most keys.
  return hasHidden.test(key) && key.split('/').some(isHiddenName);
}

/** Whether a pattern names hidden files. */
export const asksForHidden = (pattern: string): boolean => pattern.split('/').some(isHiddenName);

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

/** The names of a run's result files: which can be chosen, and which of what lies in its store are meant. */
import { UsageError } from '../errors/errors.ts';

/** How the name of each ends: what opens it goes by that, and no other program takes it for something of its own. */
export const resultEndings = {
  savedData: '.csv',
  logsData: '.csv',
  errorData: '.csv',
  performance: '.txt',
  runtimeGanttChart: '.png',
} as const;
type FileNames = Record<keyof typeof resultEndings, string>;

/** The page is always called so. */
export const reportName = 'report.html';

/** The table of files that tasks have written, and the folder with these. */
export const filesTable = 'files.csv';
export const filesFolder = 'files';

/** A plain name with this ending, in any case: no folder, no dot at its beginning, nothing that a file system forbids. */
export function namePattern(ending: string): RegExp {
  const letters = [...ending.slice(1)].map((letter) => `[${letter}${letter.toUpperCase()}]`);
  return new RegExp(`^(?!\\.)[^/\\\\:*?"<>|]{1,196}\\.${letters.join('')}$`);
}

/**
 * Tells a run's result files from whatever else lies in its store, where others may write.
 * @param fileNames of the request that this machine has
 * @throws UsageError when that has a name which no configuration may have
 */
export function isResultOf({ run, config }: { run: string; config: { fileNames: FileNames } }) {
  const names = new Set<string>([reportName, filesTable]);
  for (const [key, ending] of Object.entries(resultEndings)) {
    const name = config.fileNames[key as keyof FileNames];
    if (typeof name !== 'string' || !namePattern(ending).test(name) || /\p{Cc}/u.test(name))
      throw new UsageError(
        `run ${run} calls a result file ${JSON.stringify(name)}, which is not a plain name that ends in ${ending}`,
        { hint: 'Correct it in the request.json of the run, below .gcd/runs in the project folder.' },
      );
    names.add(name);
  }
  return (name: string): boolean => names.has(name);
}

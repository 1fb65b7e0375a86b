/** Names of a run's result files: which names are allowed, and which files in its store are results. */
import { UsageError } from '../errors/errors.ts';

/** Extensions that the configured names must have. */
export const resultEndings = {
  savedData: '.csv',
  logsData: '.csv',
  errorData: '.csv',
  performance: '.txt',
  runtimeGanttChart: '.png',
} as const;
type FileNames = Record<keyof typeof resultEndings, string>;

/** Name of the page, which cannot be configured. */
export const reportName = 'report.html';

/** The table of files that tasks have written, and the folder with these files. */
export const filesTable = 'files.csv';
export const filesFolder = 'files';

/** A plain name with this extension, in any case: no folder, no leading dot, no character that a file system forbids. */
export function namePattern(ending: string): RegExp {
  const letters = [...ending.slice(1)].map((letter) => `[${letter}${letter.toUpperCase()}]`);
  return new RegExp(`^(?!\\.)[^/\\\\:*?"<>|]{1,196}\\.${letters.join('')}$`);
}

/**
 * Tells a run's result files from anything else in its store, where others may write.
 * @param fileNames of this machine's copy of the request
 * @throws UsageError if it has an invalid name
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

/** Searches names for the regular expressions of `process_column_keywords`, for as long as that may take and no longer. */
import { createContext, Script } from 'node:vm';
import { ConfigInvalid } from '../../../core/errors/errors.ts';

/** A name that is longer is searched up to here. */
const longestName = 1024;
/** Milliseconds for the names of one file: a thousand times what any takes that was not made to last. */
const usualLimit = 10_000;

/** Ends with where it is in `at`, should it be stopped. */
const search = new Script(`
  found = [];
  for (at.name = 0; at.name < names.length; at.name++) if (expression.test(names[at.name])) found.push(at.name);
`);

/**
 * A search for one expression: it gives the places of the names in which that is found.
 * @param source regular expression
 * @param limit milliseconds for the names of one file
 * @throws ConfigInvalid, when it is used, if it takes longer
 */
export function nameSearch(source: string, limit = usualLimit): (names: string[]) => number[] {
  const expression = new RegExp(source);
  // Most keywords are parts of a name; a limit of time costs more than the search for them.
  if (isQuick(source))
    return (names) => names.flatMap((name, place) => (expression.test(short(name)) ? [place] : []));
  const at = { name: 0 };
  const context = createContext({ expression, names: [] as string[], found: [] as number[], at });
  return (names) => {
    context.names = names.map(short);
    try {
      search.runInContext(context, { timeout: limit });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      const name = JSON.stringify(short(names[at.name] ?? '').slice(0, 100));
      throw new ConfigInvalid(
        `process_column_keywords: ${source} is searched for more than ${limit / 1000} s in the column name ${name}`,
        { hint: 'Write it without a repetition inside of a repetition, such as (a+)+: a+ finds the same.' },
      );
    }
    return context.found as number[];
  };
}

const short = (name: string) => (name.length > longestName ? name.slice(0, longestName) : name);

/** With a repetition at most, the time grows with the square of the name's length; references back can cost any time. */
function isQuick(source: string): boolean {
  const plain = source.replace(/\\[^\dk]|\[(?:\\.|[^\]])*\]|\(\?/gs, '');
  const repetitions = plain.match(/[*+?{]|\\[\dk]/g) ?? [];
  // What is repeated as a group may fit in more ways than one: (a|aa)+.
  return (
    !/\)[*+{]/.test(plain) && repetitions.length <= 1 && !repetitions.some((one) => one.startsWith('\\'))
  );
}

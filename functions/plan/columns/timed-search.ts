/** Searches names for the regular expressions of `process_column_keywords`, with a timeout. */
import { createContext, Script } from 'node:vm';
import { ConfigInvalid } from '../../../core/errors/errors.ts';

/** Longer names are searched up to here. */
const maxName = 1024;
/** Milliseconds for the names of one file: a thousand times what a normal expression takes. */
const defaultLimit = 10_000;

/** Keeps its position in `at`, for the error after a timeout. */
const search = new Script(`
  found = [];
  for (at.name = 0; at.name < names.length; at.name++) if (expression.test(names[at.name])) found.push(at.name);
`);

/**
 * A search for one expression, which returns the indices of the names that match.
 * @param source regular expression
 * @param limit milliseconds for the names of one file
 * @throws ConfigInvalid, when called, after the timeout
 */
export function nameSearch(source: string, limit = defaultLimit): (names: string[]) => number[] {
  const expression = new RegExp(source);
  // Most keywords are plain text, for which the timeout would cost more than the search.
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
        { hint: 'Avoid nested repetitions such as (a+)+: a+ matches the same.' },
      );
    }
    return context.found as number[];
  };
}

const short = (name: string) => (name.length > maxName ? name.slice(0, maxName) : name);

/** With at most one repetition, the time is quadratic in the name's length; backreferences can take any time. */
function isQuick(source: string): boolean {
  const plain = source.replace(/\\[^\dk]|\[(?:\\.|[^\]])*\]|\(\?/gs, '');
  const repetitions = plain.match(/[*+?{]|\\[\dk]/g) ?? [];
  // A repeated group may match in more than one way: (a|aa)+.
  return (
    !/\)[*+{]/.test(plain) && repetitions.length <= 1 && !repetitions.some((one) => one.startsWith('\\'))
  );
}

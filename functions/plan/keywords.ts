/** Searches names for the regular expressions of `process_column_keywords`, for as long as that may take and no longer. */
import { createContext, Script } from 'node:vm';
import { ConfigInvalid } from '../../ports/errors.ts';

/** A name that is longer is searched up to here. */
const longestName = 1024;
/** Milliseconds for the names of one file: a thousand times what any takes that was not made to last. */
const usualLimit = 10_000;

/** Ends with where it is in `at`, should it be stopped. */
const search = new Script(`
  found = [];
  for (at.name = 0; at.name < names.length; at.name++)
    for (at.keyword = 0; at.keyword < keywords.length; at.keyword++)
      if (keywords[at.keyword].test(names[at.name])) {
        found.push(at.name);
        break;
      }
`);

type Search = (names: string[]) => string[];

/** Made once for all files. */
const made = new WeakMap<string[], Search>();

/**
 * The names in which one of the keywords is found, in their order.
 * @param limit milliseconds
 * @throws ConfigInvalid when a keyword takes longer
 */
export function namesWith(keywords: string[], limit = usualLimit): Search {
  const search = made.get(keywords) ?? newSearch(keywords, limit);
  made.set(keywords, search);
  return search;
}

function newSearch(keywords: string[], limit: number): Search {
  const expressions = keywords.map((keyword) => new RegExp(keyword));
  const short = (name: string) => (name.length > longestName ? name.slice(0, longestName) : name);
  // Most keywords are parts of a name; a limit of time costs more than the search for them.
  if (keywords.every(isQuick))
    return (names) => names.filter((name) => expressions.some((expression) => expression.test(short(name))));
  const at = { name: 0, keyword: 0 };
  const context = createContext({ keywords: expressions, names: [] as string[], found: [] as number[], at });
  return (names) => {
    context.names = names.map(short);
    try {
      search.runInContext(context, { timeout: limit });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      const keyword = keywords[at.keyword];
      const name = JSON.stringify(short(names[at.name] ?? '').slice(0, 100));
      throw new ConfigInvalid(
        `process_column_keywords: ${keyword} is searched for more than ${limit / 1000} s in the column name ${name}`,
        { mend: 'Write it without a repetition inside of a repetition, such as (a+)+: a+ finds the same.' },
      );
    }
    return (context.found as number[]).map((place) => names[place] as string);
  };
}

/** With a repetition at most, the time grows with the square of the name's length; references back can cost any time. */
function isQuick(source: string): boolean {
  const repetitions = source.replace(/\\[^\dk]|\[(?:\\.|[^\]])*\]|\(\?/gs, '').match(/[*+?{]|\\[\dk]/g) ?? [];
  return repetitions.length <= 1 && !repetitions.some((one) => one.startsWith('\\'));
}

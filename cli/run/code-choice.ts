/** Which code a run goes on with that was edited since it began: told by an option, asked, or as it was. */
import type { Change } from '../../adapters/local/project/frozen-project.ts';
import { UsageError } from '../../core/errors/errors.ts';
import type { CodeChoice } from '../../runs/begin-run.ts';
import { isInteractive } from '../view/interactive.ts';
import { count } from '../view/units.ts';

export interface CodeOptions {
  useEdited?: boolean;
  useFrozen?: boolean;
}

/** How many files are named. */
const shown = 10;
/** Read when the run began, and kept with it. */
const settings = new Set(['config.yaml', 'config.yml']);

/** @throws UsageError when both options are given */
export function codeChoice(
  { useEdited, useFrozen }: CodeOptions,
  print: (line: string) => void = console.error,
): (changes: Change[]) => Promise<CodeChoice> {
  if (useEdited && useFrozen)
    throw new UsageError('--use-edited and --use-frozen cannot be given together', {
      hint: '--use-frozen goes on with the code as it was when the run began, --use-edited with the code as it is now.',
    });
  return async (changes) => {
    print(`edited since the run began: ${count(changes.length, 'file')}`);
    for (const { path, what } of changes.slice(0, shown)) print(`  ${what.padEnd(7)} ${path}`);
    if (changes.length > shown) print(`  … and ${changes.length - shown} more`);
    if (changes.some(({ path }) => settings.has(path)))
      print('A run keeps the configuration that it began with; to use the new one, start another run.');
    const choice = useEdited ? 'edited' : useFrozen || !isInteractive() ? 'frozen' : await ask();
    print(
      choice === 'edited'
        ? 'from here on the edited code is used'
        : `it goes on with the code as it was${useFrozen ? '' : ' (--use-edited takes the edited one)'}`,
    );
    return choice;
  };
}

async function ask(): Promise<CodeChoice> {
  const { askOne } = await import('../view/prompts.ts');
  return askOne<CodeChoice>('Go on with which code?', [
    { name: 'as it was when the run began', value: 'frozen' },
    {
      name: 'as it is now',
      value: 'edited',
      description: 'Tasks that are done keep the results of the old code.',
    },
  ]);
}

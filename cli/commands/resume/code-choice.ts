/** Which code an edited project resumes with: as an option says, as the user answers, or else the frozen code. */
import { UsageError } from '../../../core/errors/errors.ts';
import { plural } from '../../../core/format/numbers.ts';
import type { CodeChange, CodeChoice } from '../../../ports/runs.ts';
import { isInteractive } from '../../terminal/output.ts';

export interface CodeOptions {
  useEdited?: boolean;
  useFrozen?: boolean;
}

/** Files that are named. */
const maxShown = 10;
/** Read once, when the run starts, and kept with it. */
const settings = new Set(['config.yaml', 'config.yml']);

/** @throws UsageError when both options are given */
export function codeChoice(
  { useEdited, useFrozen }: CodeOptions,
  print: (line: string) => void = console.error,
): (changes: CodeChange[]) => Promise<CodeChoice> {
  if (useEdited && useFrozen)
    throw new UsageError('--use-edited and --use-frozen cannot be given together', {
      hint: '--use-frozen resumes with the code as it was when the run started, --use-edited with the code as it is now.',
    });
  return async (changes) => {
    print(`edited since the run started: ${plural(changes.length, 'file')}`);
    for (const { path, what } of changes.slice(0, maxShown)) print(`  ${what.padEnd(7)} ${path}`);
    if (changes.length > maxShown) print(`  … and ${changes.length - maxShown} more`);
    if (changes.some(({ path }) => settings.has(path)))
      print('A run keeps the configuration that it started with; to use the new one, start another run.');
    const choice = useEdited ? 'edited' : useFrozen || !isInteractive() ? 'frozen' : await ask();
    print(
      choice === 'edited'
        ? 'the remaining tasks use the edited code'
        : `it resumes with the code as it was${useFrozen ? '' : ' (--use-edited takes the edited code)'}`,
    );
    return choice;
  };
}

async function ask(): Promise<CodeChoice> {
  const { askOne } = await import('../../terminal/prompts.ts');
  return askOne<CodeChoice>('Resume with which code?', [
    { name: 'as it was when the run started', value: 'frozen' },
    {
      name: 'as it is now',
      value: 'edited',
      description: 'Tasks that are done keep the results of the old code.',
    },
  ]);
}

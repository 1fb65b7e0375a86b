/** Selects the files of a run. */

import type { Config } from '../../core/config/config.ts';
import { dataKeys } from '../../core/config/data-keys.ts';
import { UsageError } from '../../core/errors/errors.ts';
import type { Selection } from '../../core/run-store/request/request.ts';

/** The files of `start` without `-n` and `-f`. */
export function defaultSelection({
  defaultProcessFiles: keys,
}: Pick<Config, 'defaultProcessFiles'>): Selection {
  if (keys.length === 0) return { kind: 'first', count: 0 };
  return { kind: 'keys', keys, from: 'default_process_files in config.yaml' };
}

/** The files given by `-n` or `-f`, else the default. @throws UsageError when both are given */
export function select(
  { number, file, project }: { number?: number; file: string[]; project: string },
  config: Config,
): Selection {
  if (number !== undefined && file.length > 0)
    throw new UsageError('-n and -f cannot be given together', {
      hint: '-n N takes the first N files that match file_pattern, -f KEY names files one by one.',
    });
  if (file.length > 0)
    return { kind: 'keys', keys: dataKeys(file, config, ['.', project], '--file'), from: '--file' };
  if (number !== undefined) return { kind: 'first', count: number };
  const selection = defaultSelection(config);
  if (selection.kind === 'keys') return selection;
  console.error('neither -n nor -f nor default_process_files is given: all files that match file_pattern');
  return selection;
}

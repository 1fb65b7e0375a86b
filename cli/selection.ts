/** Which files a run takes. */
import { dataKeys } from '../functions/config/data-keys.ts';
import type { Config } from '../ports/config.ts';
import { UsageError } from '../ports/errors.ts';
import type { Selection } from '../ports/request.ts';

/** The files that `start` takes when it is not told which. */
export function usualSelection({
  defaultProcessFiles: keys,
}: Pick<Config, 'defaultProcessFiles'>): Selection {
  if (keys.length === 0) return { kind: 'first', count: 0 };
  return { kind: 'keys', keys, from: 'default_process_files in config.yaml' };
}

/** Those that `-n` or `-f` ask for. @throws UsageError when both are given */
export function select(
  { number, file, project }: { number?: number; file: string[]; project: string },
  config: Config,
): Selection {
  if (number !== undefined && file.length > 0)
    throw new UsageError('-n and -f cannot be given together', {
      mend: '-n N takes the first N files that match file_pattern, -f KEY names files one by one.',
    });
  if (file.length > 0)
    return { kind: 'keys', keys: dataKeys(file, config, ['.', project], '--file'), from: '--file' };
  if (number !== undefined) return { kind: 'first', count: number };
  const usual = usualSelection(config);
  if (usual.kind === 'keys') return usual;
  console.error('neither -n nor -f nor default_process_files is given: all files that match file_pattern');
  return usual;
}

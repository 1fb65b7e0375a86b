import type { Config } from '../ports/config.ts';
import type { Selection } from '../ports/request.ts';

/** The files that `start` takes when it is not told which. */
export function usualSelection({
  defaultProcessFiles: keys,
}: Pick<Config, 'defaultProcessFiles'>): Selection {
  if (keys.length === 0) return { kind: 'first', count: 0 };
  return { kind: 'keys', keys, from: 'default_process_files in config.yaml' };
}

/** The table of figures of a run, printed as it stands in its file. */
import type { Config } from '../../core/config/config.ts';
import { layout } from '../../core/run-store/layout.ts';
import { readAll, type Store } from '../../core/store.ts';
import { neutral } from './neutral.ts';

/** Others may write into a bucket: what comes from there can do nothing to a terminal. */
export async function printPerformance(
  store: Store,
  { fileNames }: Pick<Config, 'fileNames'>,
): Promise<void> {
  const text = (await readAll(store, layout.result(fileNames.performance))).toString().trimEnd();
  console.log(text.split('\n').map(neutral).join('\n'));
}

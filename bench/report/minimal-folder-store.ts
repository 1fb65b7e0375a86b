/** Just enough of a store over a folder for measuring the report. */
import { createReadStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NotFound } from '../../core/errors/errors.ts';
import type { Store } from '../../core/store.ts';

/** A store over a folder with what a report needs: reading, and writing whole objects. */
export const folderStore = (folder: string): Store => ({
  location: folder,
  async *list() {},
  async *read(key) {
    try {
      yield* createReadStream(join(folder, key));
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new NotFound(`there is no ${key}`) : error;
    }
  },
  async write(key, body) {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), body);
  },
  async remove() {},
});

/** Files that tasks have written: which of them the page shows. */

import { NotFound } from '../../../core/errors/errors.ts';
import { type OutputFile, outputFiles } from '../../../core/run-store/records/output-files.ts';
import { readAll, type Store } from '../../../core/store.ts';

/** Pictures that stand in the page itself: each, all of them, and their bytes together. */
const largestPicture = 256 * 1024;
const mostPictures = 48;
const mostBytes = 3 * 1024 * 1024;
/** Of the others, how many are listed. */
const mostListed = 200;

const kinds: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
};

export interface Picture {
  file: OutputFile;
  /** A `data:` address. */
  address: string;
}

export interface Outputs {
  pictures: Picture[];
  listed: OutputFile[];
  /** Files that are neither. */
  more: number;
}

/** The first pictures, small enough to be in the page, and the first of the other files. */
export async function outputsShown(store: Store): Promise<Outputs> {
  const outputs: Outputs = { pictures: [], listed: [], more: 0 };
  let bytes = 0;
  for await (const file of outputFiles(store)) {
    const kind = kinds[file.path.slice(file.path.lastIndexOf('.') + 1).toLowerCase()];
    const fits =
      kind !== undefined &&
      file.bytes <= largestPicture &&
      bytes + file.bytes <= mostBytes &&
      outputs.pictures.length < mostPictures;
    const content = fits ? await contentOf(store, file) : undefined;
    if (content) {
      bytes += content.length;
      outputs.pictures.push({ file, address: `data:${kind};base64,${content.toString('base64')}` });
    } else if (outputs.listed.length < mostListed) outputs.listed.push(file);
    else outputs.more++;
  }
  return outputs;
}

/** Undefined for a file that is gone. */
async function contentOf(store: Store, { key, bytes }: OutputFile): Promise<Buffer | undefined> {
  try {
    return bytes === 0 ? undefined : await readAll(store, key, { start: 0, end: bytes });
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

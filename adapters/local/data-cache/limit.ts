/** How much disk fetched data files may take. */
import { statfs } from 'node:fs/promises';

const mostBytes = 10 * 2 ** 30;
const shareOfFree = 1 / 4;

/** 10 GiB, or a quarter of what is free on the folder's disk, if that is less. @param folder must exist */
export async function defaultLimit(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.min(mostBytes, Math.floor(bavail * bsize * shareOfFree));
}

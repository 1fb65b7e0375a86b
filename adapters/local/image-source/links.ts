/** Links of an archive as a file, `links`, because not everything that unpacks a zip makes links of its link entries. */
import type { ZipEntry } from './zip.ts';

export const linkMode = 0o120777;
const isLink = ({ mode }: ZipEntry) => mode === linkMode;

/**
 * Takes the links out of entries and adds, where there are any, the file that lists them: path and target in turn, each
 * with a NUL byte behind it. buildspecs/image.yml makes them again before it builds.
 */
export async function withListOfLinks(entries: ZipEntry[]): Promise<ZipEntry[]> {
  const links = entries.filter(isLink);
  if (links.length === 0) return entries;
  const fields = await Promise.all(
    links.map(async ({ path, content }) => `${path}\0${Buffer.from(await content())}\0`),
  );
  const list = Buffer.from(fields.join(''));
  return [
    ...entries.filter((entry) => !isLink(entry)),
    { path: 'links', mode: 0o100644, content: async () => list },
  ];
}

/**
 * What a run's image is made from: an archive with `project/`, from which the project's own image is built, and `worker/`,
 * which goes on top of it together with the project's files; and `links`, where there are any. buildspecs/image.yml builds both.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { AlreadyThere } from '../../../ports/errors.ts';
import { exists, type Store } from '../../../ports/store.ts';
import { assetPath } from '../assets.ts';
import { filesOf } from './files.ts';
import { withListOfLinks } from './links.ts';
import { type MigrateDockerfile, recipeOf } from './recipe.ts';
import { type ZipEntry, zip } from './zip.ts';

export interface ImageSourceWanted {
  /** Absolute path of the frozen project, as `freeze` leaves it. */
  project: string;
  /** As `docker build --platform` names it. */
  platform: string;
  /** What `python:` in config.yaml says; it decides only where the project has no Dockerfile. */
  python: string | null;
  /** Absolute path of the solver's licence file, which is in no image, wherever it lies; null: there is none. */
  licence: string | null;
  migrateDockerfile: MigrateDockerfile;
}

/** Part of every digest: to be raised when images are built differently from the same files. */
const format = 1;
/** Holds access keys, and is for this machine alone. */
const keysFile = '.env';

export class ImageSource {
  /** SHA-256 over everything that the image is made from: by it the image is found, and the archive. */
  readonly digest: string;
  /** Lines for the user: what was left out or migrated. */
  readonly notices: string[];
  readonly #entries: ZipEntry[];

  private constructor(digest: string, notices: string[], entries: ZipEntry[]) {
    this.digest = digest;
    this.notices = notices;
    this.#entries = entries;
  }

  /** @throws ProjectInvalid when the project refers to what cannot be taken along */
  static async of({
    project,
    platform,
    python,
    licence,
    migrateDockerfile,
  }: ImageSourceWanted): Promise<ImageSource> {
    const isData = await dataOf(project);
    const { files, notices } = await recipeOf(project, python, migrateDockerfile);
    const made = new Set(files.map(({ path }) => `project/${path}`));
    const isLeftOut = (path: string) => isData(path) || basename(path) === keysFile;
    const { kept: own, secret } = await apart(await filesOf(project, 'project', isLeftOut), licence);
    for (const { path } of secret)
      notices.push(
        `${path.slice('project/'.length)}: the licence is left out of the image, a run hands it over`,
      );
    const worker = assetPath('worker');
    const all = await withListOfLinks([
      ...own.filter(({ path }) => !made.has(path)),
      ...files.map((file) => ({ ...file, path: `project/${file.path}` })),
      ...(await filesOf(`${worker}/image`, 'worker')),
      ...(await filesOf(`${worker}/gcd_worker`, 'worker/gcd_worker')),
      ...own.map((entry) => ({ ...entry, path: `worker/${entry.path}` })),
    ]);
    const entries = all.sort((a, b) => (a.path < b.path ? -1 : 1));
    return new ImageSource(await digestOf(entries, platform), notices, entries);
  }

  /** Key of the archive in the stack's bucket. */
  get key(): string {
    return `sources/${this.digest}.zip`;
  }

  /** The archive's bytes. */
  archive(): AsyncGenerator<Uint8Array> {
    return zip(this.#entries);
  }

  /**
   * Uploads the archive, unless it is there.
   * @param store the stack's bucket
   * @returns its key
   */
  async put(store: Store): Promise<string> {
    if (await exists(store, this.key)) return this.key;
    try {
      await store.write(this.key, this.archive(), { ifAbsent: true });
    } catch (error) {
      // Somebody else had the same files.
      if (!(error instanceof AlreadyThere)) throw error;
    }
    return this.key;
  }
}

/** Tells copies of the licence file, under whatever name, from all others. */
async function apart(entries: ZipEntry[], licence: string | null) {
  const content = licence === null ? undefined : await readFile(licence).catch(() => undefined);
  const kept: ZipEntry[] = [];
  const secret: ZipEntry[] = [];
  for (const entry of entries) {
    const isSecret = content !== undefined && content.length > 0 && content.equals(await entry.content());
    (isSecret ? secret : kept).push(entry);
  }
  return { kept, secret };
}

async function digestOf(entries: ZipEntry[], platform: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([format, platform]));
  for (const { path, mode, content } of entries) {
    const digest = createHash('sha256')
      .update(await content())
      .digest('hex');
    hash.update(JSON.stringify([path, mode, digest]));
  }
  return hash.digest('hex');
}

/** Links that a frozen project has in place of data: data comes from the bucket. */
async function dataOf(project: string): Promise<(path: string) => boolean> {
  const list = await readFile(`${project}.json`, 'utf8').catch(() => '[]');
  const items = JSON.parse(list) as { path: string; kind: string }[];
  const data = new Set(items.filter(({ kind }) => kind === 'data').map(({ path }) => path));
  return (path) => data.has(path);
}

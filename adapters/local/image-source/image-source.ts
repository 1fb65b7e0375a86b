/**
 * The source archive of a run's image: `project/`, from which the project's image is built; `worker/`, which is added on top
 * together with the project's files; and `links`, if there are any. buildspecs/image.yml builds both.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AlreadyThere } from '../../../core/errors/errors.ts';
import { exists, type Store } from '../../../core/store.ts';
import { assetPath } from '../assets.ts';
import { type FileEntry, type Found, filesOf } from './collect-files.ts';
import { type MigrateDockerfile, recipeOf } from './dockerfile.ts';
import { leftOutOf } from './ignore-rules.ts';
import { linkMode, type ZipEntry, zip } from './zip.ts';

export interface ImageSourceWanted {
  /** Absolute path of the frozen project, as `freeze` leaves it. */
  project: string;
  /** As `docker build --platform` names it. */
  platform: string;
  /** What `python:` in config.yaml says; it decides only where the project has no Dockerfile. */
  python: string | null;
  /** Absolute path of the solver's licence file, which is never part of an image; null without one. */
  licence: string | null;
  /** Paths in the project of links that may lead out of it. */
  followLinks?: string[];
  migrateDockerfile: MigrateDockerfile;
}

/** Part of every digest: to be raised when images are built differently from the same files. */
const format = 1;

/** What an image takes of a project. */
export interface Taken extends Omit<Found, 'entries'> {
  files: number;
  bytes: number;
  /** Copies of the licence file that are left out. */
  licences: string[];
}

export class ImageSource {
  /** SHA-256 of all sources of the image; identifies the image and the archive. */
  readonly digest: string;
  /** Lines for the user: what was migrated. */
  readonly notices: string[];
  readonly taken: Taken;
  readonly #entries: ZipEntry[];

  private constructor(digest: string, notices: string[], taken: Taken, entries: ZipEntry[]) {
    this.digest = digest;
    this.notices = notices;
    this.taken = taken;
    this.#entries = entries;
  }

  /** @throws ProjectInvalid when the project refers to what cannot be taken along */
  static async of({
    project,
    platform,
    python,
    licence,
    followLinks = [],
    migrateDockerfile,
  }: ImageSourceWanted): Promise<ImageSource> {
    const { files, notices } = await recipeOf(project, python, migrateDockerfile);
    const generated = new Set(files.map(({ path }) => `project/${path}`));
    const { own, taken } = await takenOf({ project, licence, followLinks });
    const worker = assetPath('worker');
    const all = await withListOfLinks([
      ...own.filter(({ path }) => !generated.has(path)),
      ...files.map((file) => ({ ...file, path: `project/${file.path}` })),
      ...(await filesOf(`${worker}/image`, 'worker')).entries,
      ...(await filesOf(`${worker}/gcd_worker`, 'worker/gcd_worker')).entries,
      ...own.map((entry) => ({ ...entry, path: `worker/${entry.path}` })),
    ]);
    const entries = all.sort((a, b) => (a.path < b.path ? -1 : 1));
    return new ImageSource(await digestOf(entries, platform), notices, taken, entries);
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

/**
 * What an image would take of a project, and the entries for it.
 * @throws ProjectInvalid when a link leads out of the project and is not to be followed
 */
export async function takenOf({
  project,
  licence,
  followLinks = [],
}: Pick<ImageSourceWanted, 'project' | 'licence' | 'followLinks'>): Promise<{
  own: FileEntry[];
  taken: Taken;
}> {
  const rules = { leftOut: await leftOutOf(project), kindOf: await kindsOf(project), followLinks };
  const { entries, ...rest } = await filesOf(project, 'project', rules);
  const { kept, secret } = await apart(entries, licence);
  const bytes = kept.reduce((sum, entry) => sum + entry.bytes, 0);
  const licences = secret.map(({ path }) => path.slice('project/'.length));
  return { own: kept, taken: { ...rest, files: kept.length, bytes, licences } };
}

/** Tells copies of the licence file, under whatever name, from all others. */
async function apart(entries: FileEntry[], licence: string | null) {
  const content = licence === null ? undefined : await readFile(licence).catch(() => undefined);
  const kept: FileEntry[] = [];
  const secret: FileEntry[] = [];
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

/** What the paths of a frozen project are: it has links in place of data, which comes from the bucket, and of large files. */
async function kindsOf(project: string): Promise<(path: string) => string | undefined> {
  const list = await readFile(`${project}.json`, 'utf8').catch(() => '[]');
  const items = JSON.parse(list) as { path: string; kind: string }[];
  const kinds = new Map(items.map(({ path, kind }) => [path, kind]));
  return (path) => kinds.get(path);
}

const isLink = ({ mode }: ZipEntry) => mode === linkMode;

/**
 * Replaces symbolic links by a file `links` that lists them, since not every unzip creates links: path and target in turn,
 * each followed by a NUL byte. buildspecs/image.yml creates the links before it builds.
 */
async function withListOfLinks(entries: ZipEntry[]): Promise<ZipEntry[]> {
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

/** A reproducible zip archive: without times and owners, equal entries give equal bytes. */
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import { ProjectInvalid } from '../../../core/errors/errors.ts';

const deflate = promisify(deflateRaw);

export interface ZipEntry {
  /** Separated by `/`, without a slash at either end. */
  path: string;
  /** Unix file type and permissions, such as 0o100644. */
  mode: number;
  /** The content, or the target of a link; called when the entry is written. */
  content: () => Promise<Uint8Array>;
}

/** Mode of a symbolic link. */
export const linkMode = 0o120777;

/** 1980-01-01, the earliest date of a zip archive. */
const day = 0x21;
const utf8Names = 0x0800;
const deflated = 8;
/** Made on Unix, by version 2.0 of the format. */
const madeBy = 0x0314;
const neededVersion = 20;
/** Limits without zip64, which not every reader supports. */
const maxBytes = 0xffffffff;
const maxEntries = 0xffff;

/**
 * The bytes of the archive, as they become available.
 * @throws ProjectInvalid if the archive would be too large
 */
export async function* zip(entries: Iterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { path, mode, content } of entries) {
    const data = await content();
    const packed = await deflate(data);
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(neededVersion, 0);
    common.writeUInt16LE(utf8Names, 2);
    common.writeUInt16LE(deflated, 4);
    common.writeUInt16LE(day, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed]);

    const central = Buffer.alloc(14);
    // Permissions are in the upper half.
    central.writeUInt32LE((mode << 16) >>> 0, 6);
    central.writeUInt32LE(offset, 10);
    const version = Buffer.alloc(2);
    version.writeUInt16LE(madeBy);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), version, common, central, name]));
    offset += local.length;
    if (offset > maxBytes || data.length > maxBytes) throw tooLarge();
    yield local;
  }
  const central = Buffer.concat(directory);
  const count = directory.length;
  if (count > maxEntries || offset + central.length > maxBytes) throw tooLarge();
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  yield Buffer.concat([central, end]);
}

const tooLarge = () =>
  new ProjectInvalid('the project folder is too large for an image: more than 4 GiB, or 65,535 files', {
    hint: 'Keep data in the bucket of data_bucket, not in the project folder.',
  });

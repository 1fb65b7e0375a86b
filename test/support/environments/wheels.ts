/** Packages made on the fly, so that tests of installing need no network. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

export interface Package {
  name: string;
  version: string;
  /** What it needs, as in `Requires-Dist`. */
  needs?: string[];
  /** Tag in the wheel's name: which interpreters and machines it is for. */
  tag?: string;
  /** Its modules, by their paths, instead of the one that is named as the package. */
  modules?: Record<string, string>;
}

/** Writes a wheel; if not told otherwise with one module, named as the package, that knows its `version`. @returns the file's name */
export function makeWheel(
  folder: string,
  { name, version, needs = [], tag = 'py3-none-any', modules }: Package,
): string {
  const info = `${name}-${version}.dist-info`;
  const needed = needs.map((need) => `Requires-Dist: ${need}\n`).join('');
  const files = {
    ...(modules ?? { [`${name}.py`]: `version = '${version}'\n` }),
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${needed}`,
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
    [`${info}/RECORD`]: '',
  };
  files[`${info}/RECORD`] = Object.keys(files)
    .map((path) => `${path},,\n`)
    .join('');
  const file = `${name}-${version}-${tag}.whl`;
  writeFileSync(join(folder, file), zip(files));
  return file;
}

/** A ZIP file that stores what it is given, uncompressed. */
function zip(files: Record<string, string>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [path, text] of Object.entries(files)) {
    const name = Buffer.from(path);
    const data = Buffer.from(text);
    // Version, flags, method, time, date (1 January 1980), checksum, both sizes, length of the name, no extra field.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const entry = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, name);
    local.push(entry);
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(local.length, 8);
  end.writeUInt16LE(local.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

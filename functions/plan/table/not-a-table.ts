/** Recognises files that are named like a table and are none. */

/** The first bytes, in hexadecimal digits. */
const binary: [RegExp, string][] = [
  [/^1f8b/, 'it is compressed with gzip, in S3 perhaps by its Content-Encoding: let its name end with .gz'],
  [/^425a68/, 'it is compressed with bzip2: unpack it'],
  [/^fd377a585a00/, 'it is compressed with xz: unpack it'],
  [/^28b52ffd/, 'it is compressed with zstd: unpack it'],
  [/^504b0304/, 'it is a zip archive, or a workbook of Excel (.xlsx), not text'],
  [/^d0cf11e0/, 'it is a workbook of Excel (.xls), not text'],
  [/^50415231/, 'it is a Parquet file, not text'],
  [/^89484446/, 'it is an HDF5 file, not text'],
  [/^43444601|^43444602|^43444605/, 'it is a NetCDF file, not text'],
  [/^255044462d/, 'it is a PDF, not a table'],
];

const texts: [RegExp, string][] = [
  [/^\s*<(?:!doctype html|html)[\s>]/i, 'it is a web page, not a table: perhaps a download went wrong'],
  [/^\s*<\?xml\s/i, 'it is XML, not a table'],
  [/^\s*(?:\{\s*["}]|\[\s*[[{"])/, 'it is JSON, not a table'],
  [/^\s*\[[^\]\r\n]+\]\s*[\r\n]\s*[\w. -]+[=:]/, 'it is a file of settings, not a table'],
  [
    /^version https:\/\/git-lfs\.github\.com\/spec\//,
    'it is a pointer of Git LFS, not the file itself: git lfs pull',
  ],
];

/** First bytes of all of these. */
const suspicious = new Set([
  0x1f, 0x42, 0xfd, 0x28, 0x50, 0xd0, 0x89, 0x43, 0x25, 0x3c, 0x20, 0x0a, 0x0d, 0x09, 0x76, 0x7b, 0x5b,
]);

/** Why these bytes are not a text table; undefined if they may be one. */
export function notATable(head: Buffer): string | undefined {
  // Fast path: most files start with a letter that none of these has.
  if (!suspicious.has(head[0] as number)) return undefined;
  const bytes = head.toString('hex', 0, 8);
  const text = head.toString('latin1', 0, 200);
  return (binary.find(([is]) => is.test(bytes)) ?? texts.find(([is]) => is.test(text)))?.[1];
}

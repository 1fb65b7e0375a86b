/** Detects the encoding of the first bytes of a file, and decodes them. */
import { isAscii, isUtf8 } from 'node:buffer';
import { encodingOf } from '../../../core/values/encodings.ts';

/** The start of a file as text, and Python's name of its encoding. */
export interface Decoded {
  text: string;
  encoding: string;
  /** It has zero bytes, and is not in UTF-16 or UTF-32. */
  isBinary?: true;
  /**
   * Decodes a piece of `text`. Text in UTF-8 or a single-byte encoding is kept byte by byte until the relevant piece is
   * known: a stray byte in the data says nothing about the names.
   */
  meant(piece: string): Meant;
}

export interface Meant {
  text: string;
  /** Python's name of the encoding for the complete file. */
  encoding: string;
  /** Whether bytes elsewhere are invalid in this encoding, and must be replaced. */
  replace?: true;
  /** Its characters are improbable: the encoding is unknown. */
  isUnlikely?: true;
}

const marks: [encoding: string, bytes: number[]][] = [
  ['utf-32', [0xff, 0xfe, 0, 0]],
  ['utf-32', [0, 0, 0xfe, 0xff]],
  ['utf-16', [0xff, 0xfe]],
  ['utf-16', [0xfe, 0xff]],
  ['utf-8-sig', [0xef, 0xbb, 0xbf]],
];

function markOf(head: Buffer) {
  const [first] = head;
  // Only a byte order mark starts with these.
  if (first !== 0xff && first !== 0xfe && first !== 0xef && first !== 0) return undefined;
  return marks.find(([, bytes]) => bytes.every((byte, index) => head[index] === byte));
}

/**
 * @param head the first bytes of a file
 * @param wanted the name of an encoding, or `auto`
 */
export function decode(head: Buffer, wanted = 'auto'): Decoded {
  if (wanted !== 'auto') return asTold(head, wanted);
  const [encoding, mark] = markOf(head) ?? [];
  if (encoding === 'utf-8-sig') return byBytes(head.subarray(3), encoding);
  if (encoding && mark) return fixed(wide(head.subarray(mark.length), encoding, mark[0] === 0xff), encoding);
  if (!head.includes(0)) return byBytes(head, 'utf-8');
  const guess = withoutMark(head);
  return guess
    ? fixed(wide(head, guess.encoding, guess.little), guess.encoding)
    : { ...byBytes(head, 'utf-8'), isBinary: true };
}

const fixed = (text: string, encoding: string): Decoded => ({
  text,
  encoding,
  meant: (piece) => ({ text: piece, encoding }),
});

/** UTF-8; a piece that is invalid in it is windows-1252, the most frequent other encoding of western languages. */
function byBytes(head: Buffer, usual: string): Decoded {
  if (isAscii(head)) return fixed(head.toString('latin1'), usual);
  const whole = withoutTail(head);
  if (isUtf8(whole)) return fixed(whole.toString(), usual);
  const western = /[\x81\x8d\x8f\x90\x9d]/.test(head.toString('latin1')) ? 'latin-1' : 'cp1252';
  return {
    text: head.toString('latin1'),
    encoding: usual,
    meant: (piece) => {
      const bytes = Buffer.from(piece, 'latin1');
      if (!isUtf8(bytes)) {
        const text = western === 'latin-1' ? piece : new TextDecoder('windows-1252').decode(bytes);
        return { text, encoding: western, ...(isForeign(piece) && { isUnlikely: true }) };
      }
      // The piece is in UTF-8, and another has a stray byte; or it is in ASCII, which says nothing.
      const text = bytes.toString();
      return text.length === bytes.length
        ? { text, encoding: western }
        : { text, encoding: usual, replace: true };
    },
  };
}

/** No word of a western language has three accents in a row, and no name of a column controls. Chinese, Russian, DOS do. */
const isForeign = (piece: string) =>
  /[\xc0-\xff]{3}|(?:[\xb0-\xf7][\xa1-\xfe]){2}|[\x81\x8d\x8f\x90\x9d]/.test(piece);

/** Without an incomplete last character. */
function withoutTail(head: Buffer): Buffer {
  let end = head.length;
  while (end > 0 && head.length - end < 3 && ((head[end - 1] as number) & 0xc0) === 0x80) end--;
  return end > 0 && (head[end - 1] as number) >= 0xc0 ? head.subarray(0, end - 1) : head;
}

function asTold(head: Buffer, wanted: string): Decoded {
  const encoding = encodingOf(wanted) ?? 'utf-8';
  const mark = markOf(head);
  const isWide = encoding.startsWith('utf-16') || encoding.startsWith('utf-32');
  const body = mark && (isWide ? mark[0] === encoding : encoding.startsWith('utf-8')) ? mark[1].length : 0;
  const bytes = head.subarray(body);
  if (isWide) {
    const little = body > 0 ? head[0] === 0xff : !encoding.endsWith('be');
    return fixed(wide(bytes, encoding, little), encoding);
  }
  if (encoding === 'latin-1') return fixed(bytes.toString('latin1'), encoding);
  return fixed(new TextDecoder(labelOf(encoding)).decode(bytes), encoding);
}

/** UTF-16 and UTF-32, without an incomplete last character. */
function wide(bytes: Buffer, encoding: string, little: boolean): string {
  if (encoding.startsWith('utf-32')) return utf32(bytes, little);
  return new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(bytes, { stream: true });
}

function utf32(bytes: Buffer, little: boolean): string {
  let text = '';
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
}

/** Without a byte order mark: ASCII has zeros in every second byte, or in three of four. */
function withoutMark(head: Buffer): { encoding: string; little: boolean } | undefined {
  const looked = head.subarray(0, 512);
  const zeros = [0, 0, 0, 0];
  for (const [index, byte] of looked.entries())
    if (byte === 0) zeros[index % 4] = (zeros[index % 4] as number) + 1;
  const most = looked.length / 4;
  const [first, second, third, fourth] = zeros.map((count) => count / most) as [
    number,
    number,
    number,
    number,
  ];
  const many = 0.7;
  const few = 0.1;
  if (second > many && third > many && fourth > many && first < few)
    return { encoding: 'utf-32-le', little: true };
  if (first > many && second > many && third > many && fourth < few)
    return { encoding: 'utf-32-be', little: false };
  if (second > many && fourth > many && first < few && third < few)
    return { encoding: 'utf-16-le', little: true };
  if (first > many && third > many && second < few && fourth < few)
    return { encoding: 'utf-16-be', little: false };
  return undefined;
}

/** TextDecoder's label. */
const labelOf = (encoding: string) => (encoding === 'utf-8-sig' ? 'utf-8' : encoding.replaceAll('_', '-'));

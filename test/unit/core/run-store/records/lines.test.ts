import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LineChunks } from '../../../../../core/run-store/records/lines.ts';

test('whatever the lines are, the chunks hold them in their order', () => {
  const line = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    // Longer than a chunk, and of characters that take three bytes.
    fc.constantFrom('x'.repeat(300_000), '語'.repeat(100_000), ''),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const chunks = new LineChunks();
      const given = lines.map((one) => chunks.add(one)).filter((chunk) => chunk !== undefined);
      const text = Buffer.concat([...given, chunks.rest()]).toString();
      expect(text === lines.map((one) => `${one}\n`).join('')).toBe(true);
      expect(given.every(({ length }) => length > 0)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tagsOf } from '../../../../core/target.ts';
import { asTagValue, tagValue } from '../../../../core/values/tags.ts';

describe('tagsOf', () => {
  test.each([
    ['my-project', 'my-project'],
    ['Müller & Co (final)', 'Müller - Co -final-'],
    // As macOS gives names: the accent is a character of its own.
    ['Mu\u0308ller', 'Müller'],
    ['aws:mine', 'aws-mine'],
    ['  padded ', 'padded'],
    ['太陽 2', '太陽 2'],
    ['…', '-'],
    ['', 'project'],
    [`${'x'.repeat(250)}👍${'é'.repeat(20)}`, `${'x'.repeat(250)}-ééééé`],
  ])('a folder called %j has the tag %j', (folder, tag) => {
    expect(tagsOf(folder, { grant: 'A' })).toEqual({ grant: 'A', project: tag, managedBy: 'gcd-sfn' });
  });

  test('whatever a folder is called, every service takes its tag', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        expect(asTagValue(name)).toMatch(tagValue);
        expect(asTagValue(asTagValue(name))).toBe(asTagValue(name));
      }),
    );
  });
});

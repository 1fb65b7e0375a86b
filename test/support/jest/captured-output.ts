/** What the code under test prints: it is kept aside, anew for each test of a file that imports this. */
import { afterEach, beforeEach, jest } from '@jest/globals';

/** The lines of each stream; a test empties one to see only what comes next. */
export const printed = { out: [] as string[], err: [] as string[] };
export const err = () => printed.err.join('\n');
export const out = () => printed.out.join('\n');

beforeEach(() => {
  Object.assign(printed, { out: [], err: [] });
  jest.spyOn(console, 'log').mockImplementation((line = '') => void printed.out.push(String(line)));
  jest.spyOn(console, 'error').mockImplementation((line = '') => void printed.err.push(String(line)));
  jest.spyOn(process.stderr, 'write').mockImplementation((line) => {
    printed.err.push(String(line).trimEnd());
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

// Adds up what the test runners in a log counted: jest's `Tests:` lines and unittest's `Ran N tests` with its verdict.
import { readFileSync } from 'node:fs';

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const log = readFileSync(process.argv[2], 'utf8').replace(/\u001b\[[0-9;]*m/g, '');
let passed = 0;
let failed = 0;
for (const [line] of log.matchAll(/^Tests: .*$/gm)) {
  passed += Number(/(\d+) passed/.exec(line)?.[1] ?? 0);
  failed += Number(/(\d+) failed/.exec(line)?.[1] ?? 0);
}
for (const [, ran, verdict, counts] of log.matchAll(/^Ran (\d+) tests? in [^\n]*\n+(OK|FAILED)([^\n]*)/gm)) {
  const bad =
    verdict === 'OK'
      ? 0
      : [...counts.matchAll(/(?:failures|errors)=(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0);
  passed += Number(ran) - bad;
  failed += bad;
}
console.log(passed, failed);

/** A run of many hours leaves 100,000 parts: the packaged function gathers them, in as many calls as it takes. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { version } from '../../adapters/local/version.ts';
import { MemoryS3 } from '../support/aws/memory-s3.ts';
import { localRequest } from '../support/memory/local-request.ts';
import { Bundles } from '../support/stack/packaged-functions.ts';
import { idOf, record, worker } from '../unit/functions/gather/runs.ts';

const count = 100_000;
/** As many as are put together at once: what is lost when a call is ended. */
const piece = 4096;
const run = 'runs/r/';
const request = localRequest('r');
const results = `${run}results/${request.config.fileNames.savedData}`;
const s3 = new MemoryS3();
let bundles: Bundles;

beforeAll(async () => {
  await s3.start();
  const put = (key: string, text: string) => s3.objects.set(run + key, Buffer.from(text));
  put('request.json', JSON.stringify(request));
  put('plan.json', JSON.stringify({ tasks: count }));
  const manifest: string[] = [];
  for (let index = 0; index < count; index++) {
    manifest.push(JSON.stringify({ id: idOf(index), file: 'f.csv', column: `c${index}`, size: 1 }));
    // As agents name them: the batch, then the attempt and how often it was written.
    const key = `parts/1/${String(index % 1000).padStart(6, '0')}/1-${String(index).padStart(6, '0')}.jsonl`;
    put(key, worker(`w-${index % 10}`) + record({ index, failed: false, at: index % 1000 }));
  }
  put('manifest.jsonl', `${manifest.join('\n')}\n`);
  bundles = new Bundles({
    ...{ AWS_ENDPOINT_URL: s3.endpoint, AWS_REGION: 'us-east-1', NO_PROXY: '127.0.0.1' },
    ...{ AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' },
    ...{ GCD_STACK_NAME: 'gcd-sfn', GCD_BUCKET_NAME: 'stack', GCD_VERSION: version() },
    NODE_OPTIONS: `--import ${new URL('../support/aws/slow-bucket.mjs', import.meta.url)}`,
  });
});
afterAll(async () => {
  bundles?.remove();
  await s3.stop();
});

test('100,000 parts are gathered from where the last call came to, each read once, whatever ended the call', async () => {
  const gather = (env: Record<string, string>) => bundles.invoke('Gather', { run: 'r', repetitions: 1 }, env);
  const pieces = () => [...s3.objects.keys()].filter((key) => key.startsWith(`${run}gathering/`)).length;
  // The first is ended in the middle.
  await expect(gather({ GCD_TEST_REQUESTS: '15000' })).rejects.toThrow('Gather did not answer');
  expect(pieces()).toBe(3);
  let before = 3;
  let pending = 0;
  let result: unknown;
  for (;;) {
    // Where 64 requests take 0.64 seconds, the 6 minutes for reading are over after 36,000.
    const answer = await gather({ GCD_TEST_REQUEST_MS: '10' });
    result = answer.result;
    if (result !== undefined) break;
    const { errorType, errorMessage } = answer.error ?? {};
    const says = `${pieces() * piece} parts are read`;
    expect({ errorType, errorMessage }).toEqual({ errorType: 'Pending', errorMessage: says });
    // Each comes further.
    expect(pieces()).toBeGreaterThan(before);
    before = pieces();
    if (++pending > 10) throw new Error('it comes no further');
  }
  expect(pending).toBe(2);
  expect(result).toEqual({ succeeded: count, failed: 0, unfinished: 0 });
  const [head, ...rows] = String(s3.objects.get(results)).trimEnd().split('\n');
  expect(head).toBe('n,s');
  expect(rows).toEqual(Array.from({ length: count }, (_, index) => `${index},x`));
  // What the call that was ended had not put together yet is read again.
  expect(s3.readsOf(`${run}parts/`)).toBeLessThan(count + piece);
  expect(pieces()).toBe(0);
  expect(s3.unmodelled).toEqual([]);
}, 1_200_000);

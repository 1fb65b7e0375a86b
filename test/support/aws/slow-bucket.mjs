/**
 * Loaded into a function's process before it: its clock goes on by GCD_TEST_REQUEST_MS with each request and not otherwise,
 * as where all that takes time is a bucket; and it ends, as Lambda ends one, after GCD_TEST_REQUESTS requests.
 */
import { subscribe } from 'node:diagnostics_channel';

const each = Number(process.env.GCD_TEST_REQUEST_MS ?? 0);
const most = Number(process.env.GCD_TEST_REQUESTS ?? Number.POSITIVE_INFINITY);
let requests = 0;
subscribe('http.client.request.start', () => {
  if (++requests > most) process.exit(1);
});
performance.now = () => requests * each;

/** One moto for all tests of a file. */
import { afterAll, beforeAll } from '@jest/globals';
import { Moto } from './moto.ts';

/**
 * Starts moto before the tests, with its variables in this process, and ends it after them.
 * @param prepare what it needs to have in it
 * @returns the server, once the tests have begun
 */
export function motoOfFile(prepare?: () => Promise<unknown>): () => Moto {
  let moto: Moto;
  const before = { ...process.env };
  beforeAll(async () => {
    moto = await Moto.start();
    Object.assign(process.env, moto.env);
    await prepare?.();
  });
  afterAll(async () => {
    process.env = before;
    await moto?.stop();
  });
  return () => moto;
}

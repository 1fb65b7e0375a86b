/** Runs the command line to its end as somebody with keys of the imitated account. */
import { command } from '../../support/cli/project.ts';
import type { Keys } from './account.ts';
import type { Box } from './box.ts';

export const commandAs = (box: Box, keys: Keys, args: string[]) =>
  command(args, {
    env: {
      ...box.env,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    },
  });

/** Puts the client of runs on AWS together: the stack, and adapters to everything that belongs to it. */
import { systemClock } from '../../adapters/local/clock.ts';
import type { Cloud } from '../../cloud/ports.ts';
import { NotFound } from '../../ports/errors.ts';
import { cloudAccess } from './options.ts';

export interface Where {
  /** The stack's name. */
  stack: string;
  /** Null: that of the environment, of .env or of the profile. */
  region: string | null;
}

export type Connect = (where: Where) => Promise<Cloud>;

/**
 * The AWS SDK is large: it is loaded here and nowhere before.
 * @throws NotFound when there is no such stack; AccessDenied, Unreachable
 */
export const connect: Connect = async ({ stack: name, region }) => {
  const aws = await import('../../adapters/aws/client.ts');
  const given = await cloudAccess(region === null ? {} : { region });
  const stack = await aws.findStack({ access: given, name });
  if (!stack)
    throw new NotFound(`there is no stack ${name}${given.region === null ? '' : ` in ${given.region}`}`, {
      mend: `Make it: gcd-sfn deploy${name === 'gcd-sfn' ? '' : ` --stack ${name}`}. Or name another with --stack, or another region in config.yaml.`,
    });
  const access = { ...given, region: stack.region };
  const client = await aws.newS3Client(access);
  const { bucket } = stack;
  return {
    stack,
    store: (prefix) => new aws.S3Store({ client, bucket, prefix }),
    data: (place) => new aws.S3Store({ client, bucket: place.bucket, prefix: place.prefix }),
    executions: new aws.SfnExecutions({
      access,
      machines: { run: stack.runMachineArn, cleanup: stack.cleanUpMachineArn },
    }),
    events: new aws.SfnEvents({ access, machine: stack.runMachineArn }),
    licences: new aws.S3Licences({ client, bucket }),
    prices: new aws.AwsPrices({ access }),
    schedules: new aws.EventBridgeSchedules({
      access,
      group: stack.scheduleGroup,
      roleArn: stack.schedulerRoleArn,
      machineArn: stack.runMachineArn,
    }),
    clusterNames: () => aws.clusterNames(access),
    clock: systemClock,
  };
};

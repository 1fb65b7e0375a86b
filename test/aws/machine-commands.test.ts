/** Scripts that a machine is told by Systems Manager, which answers here as it does on AWS. */
import { afterEach, expect, test } from '@jest/globals';
import { ownRole } from '../../adapters/aws/client/settings.ts';
import { MachineCommands } from '../../adapters/aws/ec2/run-command.ts';
import { type Answer, AwsAnswers } from '../support/aws/json-api-server.ts';

let ssm: AwsAnswers | undefined;
afterEach(async () => {
  await ssm?.stop();
  delete process.env.AWS_ENDPOINT_URL;
});

/** @param looks what is answered to one look after the other, the last one to all that follow */
async function run(looks: Answer[], sent: Answer = { Command: { CommandId: 'c-1' } }) {
  let look = 0;
  const server = await AwsAnswers.start(({ operation }) =>
    operation === 'SendCommand' ? sent : (looks[Math.min(look++, looks.length - 1)] as Answer),
  );
  ssm = server;
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_MAX_ATTEMPTS: '1' };
  Object.assign(process.env, keys, { AWS_ENDPOINT_URL: server.endpoint });
  const commands = new MachineCommands({ access: { ...ownRole, region: 'us-east-1' }, pause: 0, polls: 4 });
  return commands.run('i-0a', 'true');
}
const asked = () => ssm?.asked.map(({ operation }) => operation);

test('is what the script printed, once it is through', async () => {
  const printed = { Status: 'Success', StandardOutputContent: 'ssh-ed25519 AAAA\n' };
  const looks = [
    { error: 'InvocationDoesNotExist' },
    { Status: 'Pending' },
    { Status: 'InProgress' },
    printed,
  ];
  expect(await run(looks)).toBe('ssh-ed25519 AAAA\n');
  expect(asked()).toEqual(['SendCommand', ...looks.map(() => 'GetCommandInvocation')]);
  expect(ssm?.asked[0]?.input).toMatchObject({
    InstanceIds: ['i-0a'],
    DocumentName: 'AWS-RunShellScript',
    Parameters: { commands: ['true'] },
  });
});

test('a machine that Systems Manager does not know yet is asked later', async () => {
  expect(await run([], { error: 'InvalidInstanceId' })).toBeUndefined();
  expect(asked()).toEqual(['SendCommand']);
});

test.each([
  ['says that it is not ready', { Status: 'Failed', ResponseCode: 75 }],
  ['was not reached', { Status: 'TimedOut' }],
  ['never answers', { Status: 'InProgress' }],
])('so is one that %s', async (_, answer) => {
  expect(await run([answer])).toBeUndefined();
});

test('a script that fails says why', async () => {
  const answer = { Status: 'Failed', ResponseCode: 1, StandardErrorContent: 'a\nflock: not found\n' };
  await expect(run([answer])).rejects.toMatchObject({
    name: 'Unreachable',
    message: 'machine i-0a failed to run a script of Systems Manager (Failed): flock: not found',
  });
});

test('who may not send commands, or not see what becomes of them, is told which permission is missing', async () => {
  const denied = { error: 'AccessDeniedException' };
  await expect(run([], denied)).rejects.toThrow('ssm:SendCommand');
  await ssm?.stop();
  await expect(run([denied])).rejects.toThrow('ssm:GetCommandInvocation');
});

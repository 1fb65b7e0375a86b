/** Debugging on EC2: the bastion's machine, its key, and the way to it. */
import {
  CreateTagsCommand,
  DeleteKeyPairCommand,
  DeleteTagsCommand,
  DescribeInstancesCommand,
  EC2Client,
  ImportKeyPairCommand,
} from '@aws-sdk/client-ec2';
import { SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { Debugging, DebugMachine } from '../../ports/debugging.ts';
import { clientSettings } from './client-settings.ts';
import { ask, nameOf } from './cloud-problems.ts';
import { bastionTag, debuggingTag } from './ec2-bastions.ts';
import type { Asked } from './errors.ts';
import type { AwsAccess } from './s3-client.ts';
import { SshDoor } from './ssh-door.ts';

/** Who logs in to Amazon Linux. */
export const sshUser = 'ec2-user';

export interface Ec2DebuggingOptions {
  access: AwsAccess;
  stack: string;
  /** Id of the group SSH-ONLY. */
  securityGroupId: string;
}

export class Ec2Debugging implements Debugging {
  readonly #ec2: EC2Client;
  readonly #ssm: SSMClient;
  readonly #stack: string;
  readonly #door: SshDoor;

  constructor({ access, stack, securityGroupId }: Ec2DebuggingOptions) {
    this.#ec2 = new EC2Client(clientSettings(access));
    this.#ssm = new SSMClient(clientSettings(access));
    this.#stack = stack;
    this.#door = new SshDoor(this.#ec2, securityGroupId);
  }

  async machine(bastion: string): Promise<DebugMachine | undefined> {
    const Filters = [
      { Name: 'tag:managedBy', Values: ['gcd-sfn'] },
      { Name: `tag:${bastionTag}`, Values: [bastion] },
      { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
    ];
    const { Reservations = [] } = await ask(asked('DescribeInstances', `bastion ${bastion}`), () =>
      this.#ec2.send(new DescribeInstancesCommand({ Filters })),
    );
    const [found] = Reservations.flatMap(({ Instances = [] }) => Instances);
    return found && { id: found.InstanceId ?? '', address: found.PublicIpAddress ?? null };
  }

  async mark(bastion: string, used: boolean): Promise<void> {
    const machine = await this.machine(bastion);
    if (!machine) return;
    const about = { Resources: [machine.id], Tags: [{ Key: debuggingTag, ...(used && { Value: 'yes' }) }] };
    const what = `bastion ${bastion}`;
    if (used) await ask(asked('CreateTags', what), () => this.#ec2.send(new CreateTagsCommand(about)));
    else await ask(asked('DeleteTags', what), () => this.#ec2.send(new DeleteTagsCommand(about)));
  }

  async keepKey(name: string, publicKey: string): Promise<void> {
    const what = `key pair ${name}`;
    // Removing one that is not there is no error on EC2.
    await ask(asked('DeleteKeyPair', what), () =>
      this.#ec2.send(new DeleteKeyPairCommand({ KeyName: name })),
    );
    const tags = { managedBy: 'gcd-sfn', 'gcd-sfn:stack': this.#stack };
    await ask(asked('ImportKeyPair', what), () =>
      this.#ec2.send(
        new ImportKeyPairCommand({
          KeyName: name,
          PublicKeyMaterial: Buffer.from(publicKey),
          TagSpecifications: [
            {
              ResourceType: 'key-pair',
              Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
            },
          ],
        }),
      ),
    );
  }

  /** By Systems Manager: runs make the machine, and know nobody's key. */
  async letIn({ id }: DebugMachine, publicKey: string): Promise<boolean> {
    const send = new SendCommandCommand({
      InstanceIds: [id],
      DocumentName: 'AWS-RunShellScript',
      Comment: 'gcd-sfn debug',
      Parameters: { commands: [letInScript(publicKey)] },
    });
    const about = { ...asked('SendCommand', `machine ${id}`), action: 'ssm:SendCommand' };
    return ask(about, () =>
      this.#ssm.send(send).then(
        () => true,
        (error) => {
          // It has just started, and does not answer yet.
          if (nameOf(error) === 'InvalidInstanceId') return false;
          throw error;
        },
      ),
    );
  }

  open(address: string): Promise<void> {
    return this.#door.open(address);
  }

  close(address: string | null): Promise<{ closed: string[]; stillOpen: string[] }> {
    return this.#door.close(address);
  }
}

/** Adds the key once. It is base64 with a remark of letters, digits and hyphens, so quotes hold it. */
const letInScript = (publicKey: string): string => {
  const file = `/home/${sshUser}/.ssh/authorized_keys`;
  const key = `'${publicKey.trim()}'`;
  return [
    `install -d -m 700 -o ${sshUser} -g ${sshUser} /home/${sshUser}/.ssh`,
    `grep -qxF ${key} ${file} 2>/dev/null || echo ${key} >> ${file}`,
    `chown ${sshUser}:${sshUser} ${file} && chmod 600 ${file}`,
  ].join('\n');
};

const asked = (verb: string, what: string): Asked => ({
  action: `ec2:${verb}`,
  arn: verb.startsWith('Describe') ? '*' : 'arn:aws:ec2:*:*:*',
  what,
});

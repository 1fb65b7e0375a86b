/** Debugging on EC2: the bastion's machine, its key, and who may log in to it. */
import {
  DeleteKeyPairCommand,
  DescribeInstancesCommand,
  DescribeKeyPairsCommand,
  EC2Client,
  ImportKeyPairCommand,
} from '@aws-sdk/client-ec2';
import { NotOurs, Unreachable } from '../../../core/errors/errors.ts';
import type { Debugging, DebugMachine } from '../../../ports/cluster/debugging.ts';
import type { Asked } from '../client/errors.ts';
import { ask, nameOf } from '../client/problems.ts';
import { clientSettings } from '../client/settings.ts';
import { tagsOf } from '../inventory/resource-kind.ts';
import type { AwsAccess } from '../s3/client.ts';
import { letInScript, letOutScript, type SshPlaces } from './authorized-keys.ts';
import { bastionTag } from './bastions.ts';
import type { MachineCommands } from './run-command.ts';

/** Who logs in to Amazon Linux. */
export const sshUser = 'ec2-user';

const places: SshPlaces = {
  user: sshUser,
  home: `/home/${sshUser}`,
  hostKey: '/etc/ssh/ssh_host_ed25519_key.pub',
};

export interface Ec2DebuggingOptions {
  access: AwsAccess;
  stack: string;
  commands: Pick<MachineCommands, 'run'>;
}

export class Ec2Debugging implements Debugging {
  readonly #ec2: EC2Client;
  readonly #stack: string;
  readonly #commands: Pick<MachineCommands, 'run'>;

  constructor({ access, stack, commands }: Ec2DebuggingOptions) {
    this.#ec2 = new EC2Client(clientSettings(access));
    this.#stack = stack;
    this.#commands = commands;
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

  async keepKey(name: string, publicKey: string): Promise<void> {
    const what = `key pair ${name}`;
    if (await this.#hasKey(name, publicKey)) return;
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

  /**
   * Whether it is kept already. Another one of the stack's goes.
   * @throws NotOurs
   */
  async #hasKey(name: string, publicKey: string): Promise<boolean> {
    const what = `key pair ${name}`;
    const describe = new DescribeKeyPairsCommand({ KeyNames: [name], IncludePublicKey: true });
    const { KeyPairs: [found] = [] } = await ask(asked('DescribeKeyPairs', what), () =>
      this.#ec2.send(describe).catch((error) => {
        if (nameOf(error) !== 'InvalidKeyPair.NotFound') throw error;
        return { KeyPairs: [] };
      }),
    );
    if (!found) return false;
    const { managedBy, 'gcd-sfn:stack': stack } = tagsOf(found.Tags);
    const isSame = bodyOf(found.PublicKey) === bodyOf(publicKey);
    // Your own, which you keep for another stack, too.
    if (managedBy === 'gcd-sfn' && isSame) return true;
    if (managedBy !== 'gcd-sfn')
      throw new NotOurs(`there is a ${what} in EC2 that gcd-sfn did not make`, { hint: notOurs });
    if ((stack ?? this.#stack) !== this.#stack)
      throw new NotOurs(`there is a ${what} in EC2 with another key, which stack ${stack} uses`, {
        hint: `Debug from the machine where that key is, or copy ~/.ssh/${name}.pem and ~/.ssh/${name}.pem.pub from there. Is it lost: delete the key pair in EC2.`,
      });
    await ask(asked('DeleteKeyPair', what), () =>
      this.#ec2.send(new DeleteKeyPairCommand({ KeyName: name })),
    );
    return false;
  }

  /** By Systems Manager: runs make the machine, and know nobody's key; and what it answers is the machine's own. */
  async letIn({ id }: DebugMachine, publicKey: string, until: number): Promise<string | undefined> {
    const said = await this.#commands.run(id, letInScript(places, publicKey, until));
    if (said === undefined) return undefined;
    const [hostKey] = /^ssh-ed25519 [A-Za-z0-9+/=]{68}(?=\s|$)/m.exec(said) ?? [];
    if (hostKey === undefined)
      throw new Unreachable(`machine ${id} did not tell its own key, so it cannot be recognised`, {
        hint: 'Terminate it in EC2: the next gcd-sfn debug makes a new one. Or use Session Manager.',
      });
    return hostKey;
  }

  async letOut({ id }: DebugMachine, publicKey: string | null): Promise<boolean> {
    return (await this.#commands.run(id, letOutScript(places, publicKey))) !== undefined;
  }
}

/** Kind and key, without the remark. */
const bodyOf = (publicKey = ''): string => publicKey.trim().split(/\s+/).slice(0, 2).join(' ');

const notOurs =
  'It is left alone. If nobody needs it, delete it in EC2; else ask whoever made it to give theirs another name.';

const asked = (verb: string, what: string): Asked => ({
  action: `ec2:${verb}`,
  arn: verb.startsWith('Describe') ? '*' : 'arn:aws:ec2:*:*:*',
  what,
});

/** Debugging by SSH: the bastion's instance, its key, and who may log in. */
import {
  DeleteKeyPairCommand,
  DescribeKeyPairsCommand,
  EC2Client,
  ImportKeyPairCommand,
} from '@aws-sdk/client-ec2';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import { NotOurs, Unreachable } from '../../../core/errors/errors.ts';
import type { Debugging, DebugMachine } from '../../../ports/cluster/debugging.ts';
import type { RequestContext } from '../client/errors.ts';
import { send, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import { isManagedByUs, stackTag, stackTags, tagList, tagsFromList } from '../client/tags.ts';
import { letInScript, letOutScript, type SshPlaces } from './authorized-keys.ts';
import { bastionInstances, isTerminated, isTerminating } from './bastion-instances.ts';
import type { MachineCommands } from './run-command.ts';

/** User of Amazon Linux. */
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
    const instances = await bastionInstances(this.#ec2, bastion);
    const found = instances.find((one) => !isTerminating(one) && !isTerminated(one));
    return found && { id: found.InstanceId ?? '', address: found.PublicIpAddress ?? null };
  }

  async keepKey(name: string, publicKey: string): Promise<void> {
    const what = `key pair ${name}`;
    if (await this.#hasKey(name, publicKey)) return;
    await send(
      contextOf('ImportKeyPair', what),
      this.#ec2.send(
        new ImportKeyPairCommand({
          KeyName: name,
          PublicKeyMaterial: Buffer.from(publicKey),
          TagSpecifications: [{ ResourceType: 'key-pair', Tags: tagList(stackTags(this.#stack)) }],
        }),
      ),
    );
  }

  /**
   * Whether EC2 has the key. A different key of the stack under that name is deleted.
   * @throws NotOurs
   */
  async #hasKey(name: string, publicKey: string): Promise<boolean> {
    const what = `key pair ${name}`;
    const describe = new DescribeKeyPairsCommand({ KeyNames: [name], IncludePublicKey: true });
    const described = await sendOptional(contextOf('DescribeKeyPairs', what), this.#ec2.send(describe));
    const [found] = described?.KeyPairs ?? [];
    if (!found) return false;
    const tags = tagsFromList(found.Tags);
    const stack = tags[stackTag] ?? this.#stack;
    const isSame = bodyOf(found.PublicKey) === bodyOf(publicKey);
    // The user's own key may be another stack's, too.
    if (isManagedByUs(tags) && isSame) return true;
    if (!isManagedByUs(tags))
      throw new NotOurs(`there is a ${what} in EC2 that gcd-sfn did not make`, { hint: notOurs });
    if (stack !== this.#stack)
      throw new NotOurs(`there is a ${what} in EC2 with another key, which stack ${stack} uses`, {
        hint: `Debug from the machine where that key is, or copy ~/.ssh/${name}.pem and ~/.ssh/${name}.pem.pub from there. Is it lost: delete the key pair in EC2.`,
      });
    await send(contextOf('DeleteKeyPair', what), this.#ec2.send(new DeleteKeyPairCommand({ KeyName: name })));
    return false;
  }

  /** By Systems Manager: bastions are created without keys, and this way the host key is known to be the instance's own. */
  async letIn({ id }: DebugMachine, publicKey: string, until: number): Promise<string | undefined> {
    const said = await this.#commands.run(id, letInScript(places, publicKey, until));
    if (said === undefined) return undefined;
    const [hostKey] = /^ssh-ed25519 [A-Za-z0-9+/=]{68}(?=\s|$)/m.exec(said) ?? [];
    if (hostKey === undefined)
      throw new Unreachable(`machine ${id} did not report its host key, so it cannot be recognised`, {
        hint: 'Terminate it in EC2: the next gcd-sfn debug creates a new one. Or use Session Manager.',
      });
    return hostKey;
  }

  async letOut({ id }: DebugMachine, publicKey: string | null): Promise<boolean> {
    return (await this.#commands.run(id, letOutScript(places, publicKey))) !== undefined;
  }
}

/** Type and key, without the comment. */
const bodyOf = (publicKey = ''): string => publicKey.trim().split(/\s+/).slice(0, 2).join(' ');

const notOurs =
  'It is left alone. If nobody needs it, delete it in EC2; else ask whoever made it to give theirs another name.';

const contextOf = (verb: string, what: string): RequestContext => ({
  action: `ec2:${verb}`,
  arn: verb.startsWith('Describe') ? '*' : 'arn:aws:ec2:*:*:*',
  what,
});

/** Port 22 of the group SSH-ONLY: open for one address while somebody debugs, else for nobody. */
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type IpPermission,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { ask, nameOf } from './cloud-problems.ts';
import type { Asked } from './errors.ts';

const port = 22;

export class SshDoor {
  readonly #ec2: EC2Client;
  readonly #group: string;

  constructor(ec2: EC2Client, group: string) {
    this.#ec2 = ec2;
    this.#group = group;
  }

  async open(address: string): Promise<void> {
    const Description = 'gcd-sfn debug';
    const range = address.includes(':')
      ? { Ipv6Ranges: [{ CidrIpv6: address, Description }] }
      : { IpRanges: [{ CidrIp: address, Description }] };
    const IpPermissions: IpPermission[] = [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...range }];
    await ask(this.#asked('AuthorizeSecurityGroupIngress'), () =>
      this.#ec2
        .send(new AuthorizeSecurityGroupIngressCommand({ GroupId: this.#group, IpPermissions }))
        .catch((error) => {
          if (nameOf(error) !== 'InvalidPermission.Duplicate') throw error;
        }),
    );
  }

  /** Whatever lets somebody in goes, whoever opened it. @returns for whom it was open */
  async close(): Promise<string[]> {
    const { SecurityGroups = [] } = await ask(this.#asked('DescribeSecurityGroups'), () =>
      this.#ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [this.#group] })),
    );
    const open = SecurityGroups[0]?.IpPermissions ?? [];
    if (open.length === 0) return [];
    const IpPermissions = open.map(({ IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges }) => ({
      ...{ IpProtocol, FromPort, ToPort },
      ...(IpRanges?.length && { IpRanges: IpRanges.map(({ CidrIp }) => ({ CidrIp })) }),
      ...(Ipv6Ranges?.length && { Ipv6Ranges: Ipv6Ranges.map(({ CidrIpv6 }) => ({ CidrIpv6 })) }),
    }));
    await ask(this.#asked('RevokeSecurityGroupIngress'), () =>
      this.#ec2
        .send(new RevokeSecurityGroupIngressCommand({ GroupId: this.#group, IpPermissions }))
        .catch((error) => {
          if (nameOf(error) !== 'InvalidPermission.NotFound') throw error;
        }),
    );
    return open.flatMap(({ IpRanges = [], Ipv6Ranges = [] }) => [
      ...IpRanges.map(({ CidrIp = '' }) => CidrIp),
      ...Ipv6Ranges.map(({ CidrIpv6 = '' }) => CidrIpv6),
    ]);
  }

  #asked(verb: string): Asked {
    return {
      action: `ec2:${verb}`,
      arn: verb.startsWith('Describe') ? '*' : `arn:aws:ec2:*:*:security-group/${this.#group}`,
      what: `security group SSH-ONLY (${this.#group})`,
    };
  }
}

/** Port 22 of the security group SSH-ONLY: each rule lets in one address, and its tag says until when. */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateTagsCommand,
  EC2Client,
  paginateDescribeSecurityGroupRules,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import type { AwsAccess } from '../../../core/config/dotenv.ts';
import type { SshIngress, SshRule } from '../../../ports/cluster/ssh-ingress.ts';
import type { RequestContext } from '../client/errors.ts';
import { collect, send, sendOptional } from '../client/send.ts';
import { clientSettings } from '../client/settings.ts';
import { leaseText, managedByUs, secondsOfLease, tagList, tagsFromList, untilTag } from '../client/tags.ts';

const port = 22;

const addressOf = ({ CidrIpv4, CidrIpv6, ReferencedGroupInfo, PrefixListId }: SecurityGroupRule): string =>
  CidrIpv4 ?? CidrIpv6 ?? ReferencedGroupInfo?.GroupId ?? PrefixListId ?? '';
const untilOf = ({ Tags }: SecurityGroupRule): number | null =>
  secondsOfLease(tagsFromList(Tags)[untilTag]) ?? null;

export class Ec2SshIngress implements SshIngress {
  readonly #ec2: EC2Client;
  readonly #group: string;

  constructor({ access, securityGroupId }: { access: AwsAccess; securityGroupId: string }) {
    this.#ec2 = new EC2Client(clientSettings(access));
    this.#group = securityGroupId;
  }

  async rules(): Promise<SshRule[]> {
    return (await this.#rules()).map((rule) => ({ address: addressOf(rule), until: untilOf(rule) }));
  }

  async open(address: string, until: number): Promise<void> {
    const Tags = tagList({ ...managedByUs, [untilTag]: leaseText(until) });
    const open = new AuthorizeSecurityGroupIngressCommand({
      GroupId: this.#group,
      IpPermissions: [
        {
          ...{ IpProtocol: 'tcp', FromPort: port, ToPort: port },
          IpRanges: [{ CidrIp: address, Description: 'gcd-sfn debug' }],
        },
      ],
      // With the rule itself, so that a laptop that dies in between leaves no rule without an end.
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags }],
    });
    const isNew = await sendOptional(
      this.#context('AuthorizeSecurityGroupIngress'),
      this.#ec2.send(open),
      'exists',
    );
    if (!isNew) await this.extend(address, until);
  }

  async extend(address: string, until: number): Promise<boolean> {
    const rules = (await this.#rules()).filter((rule) => addressOf(rule) === address);
    const Resources = rules
      .filter((rule) => (untilOf(rule) ?? 0) < until)
      .map(({ SecurityGroupRuleId = '' }) => SecurityGroupRuleId);
    const Tags = tagList({ [untilTag]: leaseText(until) });
    // A rule may have been deleted since.
    if (Resources.length > 0)
      await sendOptional(
        this.#context('CreateTags'),
        this.#ec2.send(new CreateTagsCommand({ Resources, Tags })),
      );
    return rules.length > 0;
  }

  async close(addresses: string[]): Promise<void> {
    const rules = (await this.#rules()).filter((rule) => addresses.includes(addressOf(rule)));
    const ids = rules.map(({ SecurityGroupRuleId = '' }) => SecurityGroupRuleId);
    if (ids.length === 0) return;
    const revoke = new RevokeSecurityGroupIngressCommand({ GroupId: this.#group, SecurityGroupRuleIds: ids });
    await sendOptional(this.#context('RevokeSecurityGroupIngress'), this.#ec2.send(revoke));
  }

  /** All inbound rules, also those of others. */
  async #rules(): Promise<SecurityGroupRule[]> {
    const Filters = [{ Name: 'group-id', Values: [this.#group] }];
    const rules = await send(
      this.#context('DescribeSecurityGroupRules'),
      collect(
        paginateDescribeSecurityGroupRules({ client: this.#ec2 }, { Filters }),
        ({ SecurityGroupRules }) => SecurityGroupRules,
      ),
    );
    return rules.filter(({ IsEgress }) => !IsEgress);
  }

  #context(verb: string): RequestContext {
    return {
      action: `ec2:${verb}`,
      arn: verb.startsWith('Describe') ? '*' : `arn:aws:ec2:*:*:security-group/${this.#group}`,
      what: `security group SSH-ONLY (${this.#group})`,
    };
  }
}

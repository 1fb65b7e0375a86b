/** Who may look into a cluster, on moto's EKS. */
import { CreateAccessEntryCommand, CreateClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { beforeEach, expect, test } from '@jest/globals';
import { ownRole } from '../../adapters/aws/client/settings.ts';
import { EksClusterAccess } from '../../adapters/aws/eks/cluster-access.ts';
import { NotFound } from '../../core/errors/errors.ts';
import { motoOfFile } from '../support/moto/shared-moto.ts';

const region = 'us-west-2';
const ada = 'arn:aws:iam::123456789012:user/ada';
const moto = motoOfFile();
let eks: EKSClient;
let entries: EksClusterAccess;
beforeEach(async () => {
  await moto().reset();
  eks = new EKSClient({ region });
  const roleArn = 'arn:aws:iam::123456789012:role/cluster';
  const accessConfig = { authenticationMode: 'API' as const };
  await eks.send(new CreateClusterCommand({ name: 'c', roleArn, resourcesVpcConfig: {}, accessConfig }));
  entries = new EksClusterAccess({ access: { ...ownRole, region } });
});

const ofAda = async () => (await entries.list('c')).find(({ principal }) => principal === ada);

test('somebody may look at the namespace, then at everything, and twice is no error', async () => {
  const view = { name: 'AmazonEKSViewPolicy', namespaces: ['gcd'] };
  for (let time = 0; time < 2; time++) await entries.add('c', ada, false);
  expect(await ofAda()).toEqual({ principal: ada, groups: [], needed: false, policies: [view] });
  await entries.add('c', ada, true);
  expect((await ofAda())?.policies).toEqual([view, { name: 'AmazonEKSAdminViewPolicy', namespaces: [] }]);
});

test('and not any more', async () => {
  await entries.add('c', ada, false);
  expect(await entries.remove('c', ada)).toBe(true);
  expect(await ofAda()).toBeUndefined();
  expect(await entries.remove('c', ada)).toBe(false);
});

test('entries that runs need are told apart', async () => {
  await eks.send(
    new CreateAccessEntryCommand({
      ...{ clusterName: 'c', principalArn: 'arn:aws:iam::123456789012:role/StopWorkers' },
      kubernetesGroups: ['gcd-sfn:writers'],
    }),
  );
  const all = await entries.list('c');
  expect(all.find(({ groups }) => groups.includes('gcd-sfn:writers'))?.needed).toBe(true);
});

test('a cluster that is not there is said to be none', async () => {
  await expect(entries.list('d')).rejects.toThrow(NotFound);
  await expect(entries.add('d', ada, false)).rejects.toThrow(NotFound);
});

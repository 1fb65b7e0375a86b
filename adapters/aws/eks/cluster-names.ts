/** Which clusters a region has; what is in them is not looked at. */
import { EKSClient, ListClustersCommand, type ListClustersCommandOutput } from '@aws-sdk/client-eks';
import { translated } from '../client/errors.ts';
import { clientSettings } from '../client/settings.ts';
import type { AwsAccess } from '../s3/client.ts';

/** @returns names, whoever made the clusters */
export async function clusterNames(access: AwsAccess): Promise<string[]> {
  const client = new EKSClient(clientSettings(access));
  const names: string[] = [];
  let nextToken: string | undefined;
  try {
    do {
      const page: ListClustersCommandOutput = await client.send(
        new ListClustersCommand(nextToken === undefined ? {} : { nextToken }),
      );
      names.push(...(page.clusters ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return names;
  } catch (error) {
    throw translated(error, {
      action: 'eks:ListClusters',
      arn: '*',
      what: "the region's clusters",
    });
  } finally {
    client.destroy();
  }
}

/**
 * Schemas of names on AWS, for config.yaml, cluster.yaml, the command line, requests and events of functions. Such names
 * become parts of scripts and of other names, so every source of them is checked.
 */
import { matching } from '../config/schema/fields.ts';
import { runName } from '../run-store/request/run-limits.ts';

export const nameForRun = () => matching(runName, 'cannot be the name of a run');

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
export const nameOfCluster = () =>
  matching(/^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/, 'must be a name of up to 100 letters, digits, - and _');

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html */
export const nameOfNodegroup = () =>
  matching(/^[0-9A-Za-z][0-9A-Za-z_-]{0,62}$/, 'must be a name of up to 63 letters, digits, - and _');

/** A tag of the instance: the cluster's name with a suffix. */
export const nameOfBastion = () =>
  matching(/^[0-9A-Za-z][0-9A-Za-z_-]{0,127}$/, 'must be a name of up to 128 letters, digits, - and _');

export const kubernetesVersion = () => matching(/^1\.\d\d$/, 'must be a Kubernetes version, such as 1.34');

export const typeOfInstance = () =>
  matching(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'must be an EC2 instance type, such as m6i.large');

export const nameOfRegion = () =>
  matching(/^[a-z]{2,}(?:-[a-z]+)+-\d$/, 'must be an AWS region, such as us-west-2');

/** A digest of an image's sources or of frozen code; also a valid tag of a container image. */
export const digest = () => matching(/^[0-9A-Za-z_][0-9A-Za-z_.-]{0,127}$/, 'must be a digest');

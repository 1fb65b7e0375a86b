/** What depends on an instance type's processor: machine image, container image, and build environment. */

export interface Platform {
  architecture: 'x86_64' | 'arm64';
  /** EKS's name for the machine image of the nodes. */
  amiType: string;
  /** As `docker build --platform` names it. */
  imagePlatform: string;
  /** CodeBuild's environment and its image. */
  build: { type: 'LINUX_CONTAINER' | 'ARM_CONTAINER'; image: string };
}

const x86: Platform = {
  architecture: 'x86_64',
  amiType: 'AL2023_x86_64_STANDARD',
  imagePlatform: 'linux/amd64',
  build: { type: 'LINUX_CONTAINER', image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0' },
};

const arm: Platform = {
  architecture: 'arm64',
  amiType: 'AL2023_ARM_64_STANDARD',
  imagePlatform: 'linux/arm64',
  build: { type: 'ARM_CONTAINER', image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0' },
};

/** Graviton families have a g after the generation: m7g, c7gn, im4gn. g5 and g4dn are GPU families. */
const graviton = /^(a1|[a-z]+\d+g[a-z]*)\./;

/** @param instanceType such as `m6i.large` */
export const platformOf = (instanceType: string): Platform => (graviton.test(instanceType) ? arm : x86);

/** CodeBuild's environment for a platform of `docker build --platform`. */
export const buildOf = (imagePlatform: string): Platform['build'] =>
  (imagePlatform === arm.imagePlatform ? arm : x86).build;

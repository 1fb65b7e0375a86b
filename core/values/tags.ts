/**
 * Tags as every AWS service takes them: EC2 takes any character, EKS, SQS and others only these
 * (https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html).
 */
const charactersOfTags = String.raw`\p{L}\p{Z}\p{N}_.:/=+\-@`;
const others = new RegExp(`[^${charactersOfTags}]+`, 'gu');

/** Maximum characters of a value and of a name, and maximum tags of a run: of AWS's 50, some are ours and EKS's. */
export const tagLimits = { value: 256, name: 128, tags: 40 } as const;

/** Pattern of tag names; the prefix aws: is reserved. */
export const tagName: RegExp = new RegExp(`^(?!aws:)[${charactersOfTags}]{1,${tagLimits.name}}$`, 'iu');
/** Pattern of tag values, which may be empty. */
export const tagValue: RegExp = new RegExp(`^(?!aws:)[${charactersOfTags}]{0,${tagLimits.value}}$`, 'iu');

/**
 * A text as the value of a tag: characters that services refuse become a hyphen. Composed first, since macOS decomposes
 * accents, which are no letters.
 */
export function asTagValue(text: string): string {
  const clean = text.normalize('NFC').replace(others, '-').replace(/^aws:/i, 'aws-').trim();
  return [...clean].slice(0, tagLimits.value).join('').trim();
}

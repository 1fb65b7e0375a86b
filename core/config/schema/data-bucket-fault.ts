/** What to write instead of a place of data that cannot be read. */

/** What it must be. */
export const placeOfData =
  'must be a bucket name, s3://bucket/prefix, or a folder that begins with ./, ../, / or ~';

const instead = (place: string) => `is not written so: write ${place}`;
const copied = (whose: string) =>
  `is ${whose}, which is not read: copy the files into a folder or a bucket of S3, and name that`;

/** URLs by which buckets of S3 are known; the region and the kind of endpoint do not matter. */
const s3Urls = [
  /^https?:\/\/(?<bucket>[^/]+)\.s3[.-][^/]*amazonaws\.com(?:\.cn)?(?:\/(?<prefix>[^?#]*))?/i,
  /^https?:\/\/s3[.-][^/]*amazonaws\.com(?:\.cn)?\/(?<bucket>[^/?#]+)(?:\/(?<prefix>[^?#]*))?/i,
  /^https?:\/\/[^/]*console\.aws\.amazon\.com\/s3\/(?:buckets|object)\/(?<bucket>[^/?#]+)(?:\?(?:.*&)?prefix=(?<prefix>[^&#]*))?/i,
  /^(?:s3a|s3n|S3):\/\/(?<bucket>[^/]+)(?:\/(?<prefix>.*))?/,
  /^arn:aws[a-z-]*:s3:::(?<bucket>[^/]+)(?:\/(?<prefix>.*))?/,
];

const others: [RegExp, (given: string) => string][] = [
  [/^arn:/i, () => 'is an ARN of something else than a bucket: write s3://bucket/prefix'],
  [/^file:\/\//i, (given) => instead(given.replace(/^file:\/\/(?:localhost)?/i, '') || './data')],
  [/^g(?:s|cs):\/\/|^https?:\/\/storage\.googleapis\.com/i, () => copied("a bucket of Google's")],
  [
    /^(?:az|azure|abfss?|wasbs?|adl):\/\/|^https?:\/\/[^/]+\.(?:blob|dfs)\.core\.windows\.net/i,
    () => copied("a container of Azure's"),
  ],
  [/^[a-z][a-z0-9+.-]+:\/\//i, () => copied('a URL')],
  [/^[a-z]:[\\/]|^\\\\/i, () => `is a path of Windows: ${placeOfData}`],
  [/^\$(?:HOME|\{HOME\})(?=\/|$)/, (given) => instead(given.replace(/^\$(?:HOME|\{HOME\})/, '~'))],
  [/^[$%]/, () => 'has a variable in it, which is not replaced: write the path itself'],
];

/** The end of a sentence that begins with the key's name, about a value that is no place of data. */
export function dataBucketFault(given: string): string {
  for (const url of s3Urls) {
    const { bucket, prefix = '' } = url.exec(given)?.groups ?? {};
    if (bucket === undefined) continue;
    const place = [bucket, ...unescaped(prefix).split('/')].filter((step) => step !== '').join('/');
    return instead(`s3://${place}`);
  }
  return others.find(([is]) => is.test(given))?.[1](given) ?? placeOfData;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

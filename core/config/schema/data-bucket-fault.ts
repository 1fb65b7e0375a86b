/** Explains an invalid `data_bucket`: what to write instead. */

/** What `data_bucket` must be. */
export const placeOfData =
  'must be a bucket name, s3://bucket/prefix, or a folder that starts with ./, ../, / or ~';

const instead = (place: string) => `has another form: write ${place}`;
const copied = (whose: string) =>
  `is ${whose}, which is not supported: copy the files into a folder or an S3 bucket, and name that`;

/** URLs of S3 buckets, of any region and endpoint. */
const s3Urls = [
  /^https?:\/\/(?<bucket>[^/]+)\.s3[.-][^/]*amazonaws\.com(?:\.cn)?(?:\/(?<prefix>[^?#]*))?/i,
  /^https?:\/\/s3[.-][^/]*amazonaws\.com(?:\.cn)?\/(?<bucket>[^/?#]+)(?:\/(?<prefix>[^?#]*))?/i,
  /^https?:\/\/[^/]*console\.aws\.amazon\.com\/s3\/(?:buckets|object)\/(?<bucket>[^/?#]+)(?:\?(?:.*&)?prefix=(?<prefix>[^&#]*))?/i,
  /^(?:s3a|s3n|S3):\/\/(?<bucket>[^/]+)(?:\/(?<prefix>.*))?/,
  /^arn:aws[a-z-]*:s3:::(?<bucket>[^/]+)(?:\/(?<prefix>.*))?/,
];

const others: [RegExp, (given: string) => string][] = [
  [/^arn:/i, () => 'is an ARN, but not of a bucket: write s3://bucket/prefix'],
  [/^file:\/\//i, (given) => instead(given.replace(/^file:\/\/(?:localhost)?/i, '') || './data')],
  [/^g(?:s|cs):\/\/|^https?:\/\/storage\.googleapis\.com/i, () => copied('a Google Cloud bucket')],
  [
    /^(?:az|azure|abfss?|wasbs?|adl):\/\/|^https?:\/\/[^/]+\.(?:blob|dfs)\.core\.windows\.net/i,
    () => copied('an Azure container'),
  ],
  [/^[a-z][a-z0-9+.-]+:\/\//i, () => copied('a URL')],
  [/^[a-z]:[\\/]|^\\\\/i, () => `is a Windows path: ${placeOfData}`],
  [/^\$(?:HOME|\{HOME\})(?=\/|$)/, (given) => instead(given.replace(/^\$(?:HOME|\{HOME\})/, '~'))],
  [/^[$%]/, () => 'contains a variable, which is not expanded: write the path itself'],
];

/** The end of a sentence that starts with the key's name. */
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

import { expect, test } from '@jest/globals';
import { dataBucketFault, placeOfData } from '../../../../core/config/schema/data-bucket-fault.ts';
import { dataBucketPattern } from '../../../../core/config/schema/fields.ts';

test.each([
  ['https://pv-data.s3.us-east-1.amazonaws.com/site/a%20b/?x=1', 's3://pv-data/site/a b'],
  ['https://pv.data.s3.amazonaws.com', 's3://pv.data'],
  ['https://s3.eu-central-1.amazonaws.com/pv-data/site/', 's3://pv-data/site'],
  ['https://pvd.s3.cn-north-1.amazonaws.com.cn/x', 's3://pvd/x'],
  [
    'https://us-east-1.console.aws.amazon.com/s3/buckets/pv-data?region=us-east-1&prefix=site/&tab=objects',
    's3://pv-data/site',
  ],
  ['arn:aws:s3:::pv-data/site', 's3://pv-data/site'],
  ['s3a://pv-data/site', 's3://pv-data/site'],
  ['S3://pv-data', 's3://pv-data'],
  ['file:///home/ada/data', '/home/ada/data'],
  ['file://localhost/data', '/data'],
  ['$HOME/data', '~/data'],
])('%s is written as %s', (given, place) => {
  expect(dataBucketFault(given)).toBe(`has another form: write ${place}`);
  expect(dataBucketPattern.test(given)).toBe(false);
  expect(dataBucketPattern.test(place)).toBe(true);
});

test.each([
  ['gs://pv/x', 'is a Google Cloud bucket, which is not supported: copy the files'],
  ['https://storage.googleapis.com/pv', 'is a Google Cloud bucket'],
  ['az://pv/x', 'is an Azure container'],
  ['https://pv.blob.core.windows.net/x', 'is an Azure container'],
  ['abfss://c@pv.dfs.core.windows.net/x', 'is an Azure container'],
  ['https://example.org/a.csv', 'is a URL, which is not supported: copy the files'],
  ['hdfs://n/x', 'is a URL'],
  ['arn:aws:s3:us-east-1:123456789012:accesspoint/x', 'is an ARN, but not of a bucket'],
  ['C:\\data', 'is a Windows path'],
  ['\\\\server\\data', 'is a Windows path'],
  ['$DATA/x', 'contains a variable'],
  ['data/in', placeOfData],
])('%s is refused with what it is', (given, fault) => {
  expect(dataBucketFault(given)).toMatch(fault);
  expect(dataBucketPattern.test(given)).toBe(false);
});

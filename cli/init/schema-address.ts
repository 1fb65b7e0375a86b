/** Where editors find the JSON Schema of config.yaml, whatever folder it lies in. */
export const schemaAddress = 'https://unpkg.com/gcd-sfn/schema/config.schema.json';

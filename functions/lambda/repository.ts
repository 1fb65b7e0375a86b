import { setting } from './settings.ts';

/** The repository of the images: `uri` is `registry/name`. */
export function repository(): { name: string; uri: string } {
  const uri = setting('repositoryUri');
  return { name: uri.slice(uri.indexOf('/') + 1), uri };
}

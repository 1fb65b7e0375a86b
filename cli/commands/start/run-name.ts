import { humanId } from 'human-id';

/** A name for a run that can be remembered and said aloud, such as `calm-owls-sing`. */
export function newRunName(): string {
  return humanId({ separator: '-', capitalize: false });
}

/**
 * Property tests try the same cases in every run, so that a change is judged by what it changes. Other ones:
 * `FC_SEED=$RANDOM npm test`.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20261122) });

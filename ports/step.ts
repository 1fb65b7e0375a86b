/** What a reconcile step answers: it looked, did at most one thing, and says where it is. What cannot be is thrown. */
export type Step<Ready> = ({ state: 'ready' } & Ready) | { state: 'pending'; detail: string };

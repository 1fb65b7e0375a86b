/** Reads a state machine's definition. */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { assetPath } from '../../../adapters/local/assets.ts';

/** A state, as far as the walker looks into it. Every other field passes through. */
export interface State {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: Record<string, unknown>[];
  Catch?: { ErrorEquals: string[]; ResultPath?: string | null; Next: string }[];
  Branches?: Definition[];
  ItemProcessor?: Definition;
  [field: string]: unknown;
}

export interface Definition {
  StartAt: string;
  States: Record<string, State>;
  [field: string]: unknown;
}

/** The definition in state-machines/ with this name. */
export async function readDefinition(name: 'run' | 'cleanup'): Promise<Definition> {
  return parse(await readFile(assetPath('state-machines', `${name}.asl.yaml`), 'utf8'));
}

/** Calls `visit` for every state, also those inside of Parallel and Map states. */
export function forEachState(definition: Definition, visit: (name: string, state: State) => void): void {
  for (const [name, state] of Object.entries(definition.States)) {
    visit(name, state);
    for (const inner of state.Branches ?? []) forEachState(inner, visit);
    if (state.ItemProcessor) forEachState(state.ItemProcessor, visit);
  }
}

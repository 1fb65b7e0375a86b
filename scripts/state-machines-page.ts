/** Writes docs/state-machines.md, the state machines as Mermaid diagrams: node scripts/state-machines-page.ts */
import { writeFileSync } from 'node:fs';
import { type Definition, readDefinition, type State } from '../runs/local/walk/definition.ts';

const intro = `# The state machines

Drawn by \`node scripts/state-machines-page.ts\` from [state-machines/](../state-machines/). A state whose name ends with ? decides;
dotted lines are taken when a state fails.
`;

const titles = {
  run: 'A run, on this machine and on a cluster',
  cleanup: 'What is done after an execution that was stopped, and to remove everything',
} as const;

/** The text of docs/state-machines.md. */
export async function stateMachinesPage(): Promise<string> {
  const parts: string[] = [intro];
  for (const name of ['run', 'cleanup'] as const) {
    const definition = await readDefinition(name);
    parts.push(`## ${titles[name]}\n\n\`\`\`mermaid\n${draw(definition)}\n\`\`\`\n`);
  }
  return parts.join('\n');
}

/** One definition; a Parallel or Map state is a box around what it runs. */
export function draw(definition: Definition): string {
  return ['flowchart TD', ...machine(definition, '  ')].join('\n');
}

function machine({ States }: Definition, indent: string): string[] {
  const lines: string[] = [];
  for (const [name, state] of Object.entries(States)) {
    const inner = [...(state.Branches ?? []), ...(state.ItemProcessor ? [state.ItemProcessor] : [])];
    if (inner.length === 0) lines.push(`${indent}${id(name)}${shape(name, state)}`);
    else {
      lines.push(`${indent}subgraph ${id(name)}["${name}"]`);
      for (const one of inner) lines.push(...machine(one, `${indent}  `));
      lines.push(`${indent}end`);
    }
  }
  for (const [name, state] of Object.entries(States))
    lines.push(...edges(name, state).map((edge) => indent + edge));
  return lines;
}

function edges(name: string, { Next, Default, Choices = [], Catch = [] }: State): string[] {
  const from = id(name);
  const plain = [Next, Default].filter((to) => to !== undefined).map((to) => `${from} --> ${id(to)}`);
  const chosen = Choices.map((rule) => `${from} -->|${label(rule)}| ${id(rule.Next as string)}`);
  const failed = Catch.map(({ ErrorEquals, Next: to }) => {
    const errors = ErrorEquals.join() === 'States.ALL' ? '' : `|${ErrorEquals.join(', ')}|`;
    return `${from} -.->${errors} ${id(to)}`;
  });
  return [...chosen, ...plain, ...failed];
}

/** Label of a choice: the expected text, or the last part of the path that must be true. */
function label(rule: Record<string, unknown>): string {
  if (typeof rule.StringEquals === 'string') return rule.StringEquals;
  return String(rule.Variable).replace('$.', '');
}

function shape(name: string, { Type }: State): string {
  if (Type === 'Choice') return `{"${name}"}`;
  if (Type === 'Wait') return `("${name}")`;
  if (Type === 'Succeed' || Type === 'Fail') return `(["${name}"])`;
  return `["${name}"]`;
}

/** Mermaid ids cannot contain question marks, and `end` is reserved. */
const id = (name: string): string => `s${name.replace('?', 'Q')}`;

if (import.meta.main)
  writeFileSync(new URL('../docs/state-machines.md', import.meta.url), await stateMachinesPage());

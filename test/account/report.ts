/** What happened, step by step: for whoever ran it, and, without the account's number, for us. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './settings.ts';

export interface Step {
  name: string;
  state: 'passed' | 'failed' | 'left out';
  seconds: number;
  /** A sentence: what was seen, or what went wrong. */
  says: string;
  /** US dollars, as gcd-sfn counts them; null: it has none of its own. */
  dollars: number | null;
  /** Each command of the step with all that it printed. */
  commands: { line: string; code: number | null; seconds: number; printed: string }[];
}

/** Of a command, so much of what it printed: its beginning and its end. */
const longest = 40_000;

export class Report {
  readonly steps: Step[] = [];
  /** What is still there at the end; null: nobody has looked. */
  inventory: string[] | null = null;
  readonly #settings: Settings;
  readonly #about: Record<string, string>;

  /** @param about version, region, Node */
  constructor(settings: Settings, about: Record<string, string>) {
    this.#settings = settings;
    this.#about = about;
    mkdirSync(settings.folder, { recursive: true });
  }

  get passed(): boolean {
    return this.steps.every(({ state }) => state === 'passed') && this.inventory?.length === 0;
  }

  get dollars(): number {
    return this.steps.reduce((sum, { dollars }) => sum + (dollars ?? 0), 0);
  }

  /** Written after each step: also when the last one never comes. */
  write(): { json: string; markdown: string } {
    const json = join(this.#settings.folder, 'report.json');
    const markdown = join(this.#settings.folder, 'report.md');
    const { name, budget, instanceType } = this.#settings;
    const asked = { name, budget, instanceType };
    const whole = {
      ...{ passed: this.passed, about: this.#about, asked, dollars: this.dollars, inventory: this.inventory },
      steps: this.steps,
    };
    writeFileSync(json, this.#masked(JSON.stringify(whole, undefined, 2)));
    writeFileSync(markdown, this.#masked(this.#markdown()));
    return { json, markdown };
  }

  #markdown(): string {
    const rows = this.steps.map(
      ({ name, state, seconds, dollars, says }) =>
        `| ${name} | ${state} | ${time(seconds)} | ${dollars === null ? '' : `$${dollars.toFixed(2)}`} | ${says.replaceAll('|', '\\|').replaceAll('\n', '<br>')} |`,
    );
    const left =
      this.inventory === null
        ? ['Nobody has looked yet what is still there. This removes it:', '', ...byHand(this.#settings)].join(
            '\n',
          )
        : this.inventory.length === 0
          ? 'Nothing is left in the account.'
          : [
              'Still there:',
              '',
              ...this.inventory.map((one) => `- ${one}`),
              '',
              ...byHand(this.#settings),
            ].join('\n');
    return [
      `# gcd-sfn on an AWS account: ${this.passed ? 'passed' : 'not passed'}`,
      '',
      Object.entries(this.#about)
        .map(([key, value]) => `${key} ${value}`)
        .join(', '),
      '',
      '| step | how | time | cost | what was seen |',
      '|---|---|---|---|---|',
      ...rows,
      '',
      `Together about $${this.dollars.toFixed(2)}, by the price list. ${left}`,
      '',
      'Send us `report.json`, with an issue: it has what every command printed. Numbers of the account are masked; look through',
      'it before you send it.',
      '',
    ].join('\n');
  }

  #masked(text: string): string {
    return text.replaceAll(this.#settings.account, '000000000000');
  }
}

/** The commands that remove what is left. */
export const byHand = ({ name, region }: Settings): string[] => {
  const where = `--stack ${name}${region ? ` --region ${region}` : ''}`;
  return [
    `    gcd-sfn cleanup --all --yes ${where}`,
    `    gcd-sfn destroy --delete-results --yes ${where}`,
    `    aws s3 rb --force s3://${name}-data`,
  ];
};

export const time = (seconds: number): string =>
  seconds < 60 ? `${Math.round(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;

/** The beginning and the end of what was printed. */
export function shortened(text: string): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest / 4)}\n… ${text.length - longest} characters left out …\n${text.slice((-longest * 3) / 4)}`;
}

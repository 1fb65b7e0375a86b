/** The default project of `init`: short enough to be read at once, and it runs as it is. */

import type { NewFile } from '../../adapters/local/project/write-files.ts';

/** Where editors find the JSON Schema of config.yaml. */
export const schemaAddress = 'https://unpkg.com/gcd-sfn/schema/config.schema.json';

const entrypoint = `"""Called once for each column of each file; replace it with your own work."""
import csv


def entrypoint(data_file, curr_process_column, **_):
    """The returned dict is one row of results/results.csv, after the names of file and column."""
    with open(data_file, newline="") as file:
        values = [float(row[curr_process_column]) for row in csv.DictReader(file)]
    return {
        "values": len(values),
        "mean": sum(values) / len(values),
        "highest": max(values),
    }
`;

const config = `# yaml-language-server: $schema=${schemaAddress}

# Location of the data files: a folder, as here, or the name of an S3 bucket, or s3://bucket/prefix.
data_bucket: ./data

# Which files are data files.
file_pattern: "*.csv"

# A regular expression: each column whose name contains a match is a task. Without this line every column is one.
process_column_keywords: "Power"

# Seconds after which a task is killed and counts as failed.
task_timeout: 600
`;

const requirements = `# Your packages, one per line, such as pandas==2.2.3. This entrypoint.py needs none.
`;

const readme = (name: string) => `# ${name}

\`entrypoint.py\` is called once for each column of each file in \`data/\`, in parallel. \`config.yaml\` says which files and
columns, \`requirements.txt\` which packages are installed for it.

\`\`\`
gcd-sfn validate       # check everything without running anything
gcd-sfn start -n 1     # the first file
gcd-sfn start          # all files
\`\`\`

The results are in \`results/\`: \`results.csv\` has a row for each task, \`error.csv\` the failed tasks, and \`report.html\`
the course of the run. The files in \`data/\` are synthetic: replace them with your own.
`;

/** A synthetic day of two inverters and a sensor, a row for each hour. */
function table(site: number): string {
  const rows = Array.from({ length: 24 }, (_, hour) => {
    const sun = Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI));
    const power = (peak: number) => (peak * sun).toFixed(1);
    const time = `2026-06-2${site} ${String(hour).padStart(2, '0')}:00`;
    return [time, power(4000 + 500 * site), power(3600 + 250 * site), (14 + 9 * sun).toFixed(1)].join();
  });
  return `Time,Power_1(W),Power_2(W),Temperature(C)\n${rows.join('\n')}\n`;
}

/** @param name name of the project, for its README */
export function minimalFiles(name: string): NewFile[] {
  return [
    { path: 'README.md', content: readme(name) },
    { path: 'config.yaml', content: config },
    { path: 'data/north.csv', content: table(1) },
    { path: 'data/south.csv', content: table(2) },
    { path: 'entrypoint.py', content: entrypoint },
    { path: 'requirements.txt', content: requirements },
  ];
}

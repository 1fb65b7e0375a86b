/** Projects as users of gismoclouddeploy, the predecessor, have them: the same shape and habits, other work. */

const heading =
  '# These are necessary packages to build `server` and `worker`.\n# Please do not change them.\n# =================\n';
const servers =
  'Flask==2.1.2\ncelery==5.2.6\nredis==3.5.3\nFlask-CeleryExt==0.3.4\npytest-flask==1.2.0\nfactory-boy==3.2.0\n' +
  'Pillow==9.1.1\npydantic==1.9.0\nclick==8.1.3\n';
const fence = '# ===================\n';

/** Its eight arguments, all optional; one of its examples has another one in front. */
const signature = (first = '') => `
def entrypoint(
${first}    data_bucket: str = None,
    curr_process_file: str = None,
    curr_process_column: str = None,
    aws_access_key: str = None,
    aws_secret_access_key: str = None,
    aws_region: str = None,
    solver_name: str = None,
    solver_file: str = None,
) -> dict:`;

const logging = `
logger = logging.getLogger()
logging.basicConfig(
    level=logging.INFO, format="%(asctime)s: %(levelname)s: %(message)s"
)
`;

interface Solver {
  name: string;
  target: string;
  source: string;
}

/** Its config.yaml, with a folder where it names a bucket. */
const config = (
  pattern: string,
  { name, target, source }: Solver = { name: '', target: '', source: '' },
) => `\
# AWS parameters used for cli.

scale_eks_nodes_wait_time: 90 # in second
interval_of_wait_pod_ready: 90 # in second

# solver:
solver_name: "${name}"
solver_lic_target_path_in_images_dest: "${target}"
solver_lic_file_local_source: "${source}"

data_bucket: "./data"
file_pattern: "${pattern}" # shell pattern
process_column_keywords: "^Pow" # partial match
saved_bucket: "some.bucket" # Bucket of saved files.
saved_path_cloud: "results" # Path of saved files in bucket
acccepted_idle_time: 360
interval_of_checking_sqs: 1
filename:
  saved_data: "results.csv"
  logs_data: "logs.csv"
  error_data: "errors.csv"
  performance: "performance.txt"
  runtime_gantt_chart: "runtime.png"

repeat_number_per_round: 1 # Repeat overall tasks per round before run end services.
is_celeryflower_on: False # Turn of / off flower
num_worker_pods_per_namespace: 8
`;

export interface Predecessor {
  files: Record<string, string>;
  /** Lines that the user must see about requirements.txt. */
  notice: RegExp;
  /** What the table of results has, with the data folder's path as DATA. */
  results: string;
}

const table = 'Time,Power_1(W),Power_2(W),Wind\n1,2,30,4\n2,4,50,4\n';

/** Only what Python has; a Dockerfile and results of an earlier time lie around. */
const sleep: Predecessor = {
  files: {
    'entrypoint.py': `import logging
import time
${logging}
${signature()}
    logger.info(f"process file:{curr_process_file} , column:{curr_process_column}, solve: {solver_file}")
    start_time = time.time()
    while time.time() - start_time < 0.05:
        pass
    print("End : %s" % time.ctime())
    return {"bucket": data_bucket, "file": curr_process_file, "column": curr_process_column, "solver": solver_name}
`,
    'requirements.txt': `${heading}${servers}boto3==1.21.19\npandas==1.3.5\n${fence}`,
    Dockerfile: 'FROM python:3.8-slim\nWORKDIR /app\nCOPY ./gismoclouddeploy/server /app\n',
    'config.yaml': `${config('*.csv')}default_process_files: ["folder/one.csv"]\n`,
    'data/folder/one.csv': table,
    'results/results.csv': 'old\n',
    'results/performance.txt': 'old\n',
  },
  notice: /left out 11 server packages of the predecessor \(Flask, celery, …\)/,
  results: 'bucket,file,column,solver\nDATA,folder/one.csv,Power_1(W),\nDATA,folder/one.csv,Power_2(W),\n',
};

/** Packages of its own, modules beside the entrypoint that are imported relatively, a solver with a licence. */
const solar: Predecessor = {
  files: {
    'entrypoint.py': `import logging
from os.path import exists
from datetime import datetime
from solardatatools.data_handler import version
from .my_modules import read_column
${logging}
${signature()}
    if solver_name is not None and (exists(solver_file) is False):
        raise Exception(f"solver_file:{solver_file} dose not exist")
    try:
        column = read_column(bucket_name=data_bucket, file_path_name=curr_process_file, column_name=curr_process_column)
    except Exception as e:
        logger.error(f"Read column and time error: {e}")
        raise e
    return {"column": curr_process_column, "solver": solver_name, "mean": sum(column) / len(column), "with": version}
`,
    'my_modules.py': `import csv
import boto3
import pandas as pd
from .modules.paths import path_of

def read_column(bucket_name, file_path_name, column_name):
    with open(path_of(bucket_name, file_path_name)) as file:
        return [float(row[column_name]) for row in csv.DictReader(file)]
`,
    'modules/paths.py': 'from os.path import join as path_of\n',
    'license/mosek.lic': 'a licence\n',
    'requirements.txt':
      `\n${heading}${servers}flower==1.1.0\npandas==1.3.5\n${fence}\n` +
      '# These are packages for solar-data-tools\n# please add or modify them here.\nboto3==1.21.19\nsolar-data-tools\n',
    'config.yaml': config('*.csv', { name: 'MOSEK', target: '/root/mosek', source: 'license/mosek.lic' }),
    'data/a.csv': table,
  },
  notice:
    /left out 10 server packages of the predecessor \(Flask, celery, …\); pandas==1\.3\.5 has no build for Python 3\.\d+, using 2\.2\.3$/m,
  results: 'column,solver,mean,with\nPower_1(W),MOSEK,3.0,4.0\nPower_2(W),MOSEK,40.0,4.0\n',
};

/** An argument that nobody gives any more, and absolute imports of a library that is all it needs. */
const clearSky: Predecessor = {
  files: {
    'entrypoint.py': `from solardatatools.dataio import get
import logging
from os.path import exists
${logging}
${signature('    user_id: str = None,\n')}
    # Neither solver nor licence is configured.
    if solver_name is not None and (exists(solver_file) is False):
        return Exception(f"solver_file:{solver_file} dose not exist")
    return {"rate": get(), "region": aws_region, "user": user_id, "column": curr_process_column}
`,
    'requirements.txt': `${heading}${servers}${fence}solar-data-tools`,
    'config.yaml': config('*.csv'),
    'data/a.csv': table,
  },
  notice: /left out 9 server packages of the predecessor/,
  results: 'rate,region,user,column\n0.5,,,Power_1(W)\n0.5,,,Power_2(W)\n',
};

/** Files without columns, which a program of the system works on; it writes where it stands. */
const gridlabd: Predecessor = {
  files: {
    'entrypoint.py': `import logging
import os
import subprocess
${logging}
${signature()}
    models_path = "gridlabd-models"
    if os.path.isdir(models_path) is False:
        os.makedirs(models_path, exist_ok=True)
    local_file = models_path + "/" + curr_process_file.split("/")[-1]
    with open(os.path.join(data_bucket, curr_process_file)) as source, open(local_file, "w") as copy:
        copy.write(source.read())
    returncode = subprocess.call(f"wc -l < {local_file} 1>{local_file}.csv 2>>gridlabd.log", shell=True)
    if returncode != 0:
        raise Exception("Error run the model")
    with open(local_file + ".csv") as made:
        return {"file": local_file, "column": curr_process_column, "data": made.read().strip()}
`,
    'requirements.txt': `${heading}${servers}boto3==1.21.19\npandas==1.3.5\n${fence}`,
    'config.yaml': config('*.glm'),
    'data/models/one.glm': 'object\n',
    'data/models/two.glm': 'object\nobject\n',
    'data/models/readme.md': 'no model\n',
  },
  notice: /left out 11 server packages/,
  results: 'file,column,data\ngridlabd-models/one.glm,,1\ngridlabd-models/two.glm,,2\n',
};

export const predecessors: Record<string, Predecessor> = { sleep, solar, clearSky, gridlabd };

import { describe, expect, test } from '@jest/globals';
import { migrateDockerfile } from '../../../../core/migrate/dockerfile.ts';

const heading =
  '# The system and the packages that entrypoint.py needs. The worker and the project itself are added on top of it.\n';
const install =
  'COPY requirements.txt /tmp/requirements.txt\nRUN pip install --no-cache-dir -r /tmp/requirements.txt\n';

/** As the predecessor's examples have it: build arguments for folder and licence, servers with start scripts. */
const whole = `FROM python:3.8

ENV PYTHONUNBUFFERED 1
ARG CODES_FOLDER

ARG TARGET_PATH_OF_UPLOAD_FILE
ARG SOURCE_PATH_OF_UPLOAD_FILE

# where the code is
ENV code_path  "../$CODES_FOLDER"
ENV project_path "../$CODES_FOLDER"
ENV source_path_of_upload_file "./$CODES_FOLDER/$SOURCE_PATH_OF_UPLOAD_FILE"

RUN apt-get update \\
  # for building packages
  && apt-get install -y build-essential \\
  && apt-get install -y telnet netcat \\
  && rm -rf /var/lib/apt/lists/*

# packages
COPY $project_path/requirements.txt /requirements.txt
RUN pip install --upgrade pip
RUN pip install -r /requirements.txt

# start scripts

COPY ./gismoclouddeploy/server/compose/local/flask/entrypoint /entrypoint
RUN sed -i 's/\\r$//g' /entrypoint
RUN chmod +x /entrypoint

RUN echo "upload local file is: $source_path_of_upload_file"
# the licence
RUN mkdir $TARGET_PATH_OF_UPLOAD_FILE
COPY $source_path_of_upload_file  $TARGET_PATH_OF_UPLOAD_FILE

RUN mkdir /app
WORKDIR /app

# the code

COPY ./gismoclouddeploy/server .

COPY $code_path ./project/
RUN chmod -R 755 ./project/

EXPOSE 5000
ENTRYPOINT ["/entrypoint"]
`;

describe('a Dockerfile of the predecessor', () => {
  test('keeps the system and the packages, and nothing else', () => {
    const { text, changes } = migrateDockerfile(whole)!;
    expect(text).toBe(`${heading}FROM python:3.8

ENV PYTHONUNBUFFERED 1

RUN apt-get update \\
  # for building packages
  && apt-get install -y build-essential \\
  && apt-get install -y telnet netcat-openbsd \\
  && rm -rf /var/lib/apt/lists/*

# packages
COPY requirements.txt /requirements.txt
RUN pip install --upgrade pip
RUN pip install -r /requirements.txt

RUN mkdir /app
WORKDIR /app
`);
    expect(changes).toHaveLength(5);
  });

  test('installs the packages where its servers brought their list along', () => {
    const source = 'FROM python:3.8-slim\nWORKDIR /app\nCOPY ./gismoclouddeploy/server /app\n';
    expect(migrateDockerfile(source)?.text).toBe(`${heading}FROM python:3.8-slim\nWORKDIR /app\n${install}`);
  });

  test.each<[string, string, string]>([
    [
      'one step of several',
      'RUN apt-get install -y curl && chmod +x /start && ldconfig',
      'RUN apt-get install -y curl \\\n  && ldconfig',
    ],
    ['a script of another name', 'RUN /start-mine', 'RUN /start-mine'],
    ['one variable of several', 'ENV A=1 B="$CODES_FOLDER/x" C=3', 'ENV A=1 C=3'],
    ['a here-document', 'RUN <<END\nEXPOSE 80\na && /start\nEND', 'RUN <<END\nEXPOSE 80\na && /start\nEND'],
    ['a file of the project', 'COPY models /models', 'COPY models /models'],
    [
      'the list of packages from above',
      'COPY ./examples/mine/requirements.txt /r.txt',
      'COPY requirements.txt /r.txt',
    ],
    ['the project from above', 'COPY ./examples/mine ./project', ''],
    ['remarks between the lines', 'RUN a \\\n# b\n\n  c', 'RUN a \\\n# b\n\n  c'],
    ['what a file is made of', 'RUN echo a > /etc/b', 'RUN echo a > /etc/b'],
    ['lower case', 'expose 80\nrun ldconfig', 'run ldconfig'],
  ])('%s', (_, lines, rest) => {
    const source = `FROM debian\nARG CODES_FOLDER\nCOPY gismoclouddeploy/server/start /start\n${lines}\n`;
    expect(migrateDockerfile(source)?.text).toBe(`${heading}FROM debian\n${rest && `${rest}\n`}${install}`);
  });
});

test.each([
  '',
  `FROM python:3.12\n${install}`,
  '# COPY ./gismoclouddeploy/server /app\nFROM python\n',
  'FROM python\nRUN git clone https://github.com/x/gismoclouddeploy/server\n',
  'FROM python\nCOPY observer /app\n',
])('another Dockerfile is none of its business: %j', (text) => {
  expect(migrateDockerfile(text)).toBeUndefined();
});

test('what is migrated has nothing left to migrate', () => {
  expect(migrateDockerfile(migrateDockerfile(whole)!.text)).toBeUndefined();
});

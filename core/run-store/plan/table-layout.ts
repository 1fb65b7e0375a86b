/** Where column names and data are in a table's file. */

/** The key `table` of config.yaml. */
export interface TableSettings {
  /** Line of the file, from 1. */
  header: 'auto' | 'none' | number;
  /** Prefix of comment lines, which are skipped. */
  comment: string;
  /** One character; a space: any run of spaces and tabs. */
  delimiter: string;
  /** Python's name. */
  encoding: string;
}

export const defaultTable: TableSettings = {
  header: 'auto',
  comment: 'auto',
  delimiter: 'auto',
  encoding: 'auto',
};

/** How to read a table. */
export interface TableLayout {
  /** Line of the column names, from 1; null: the file has none. */
  header: number | null;
  /** Line of the first row of data; null: unknown. */
  data: number | null;
  /** One character; a space: any run of spaces and tabs. */
  delimiter: string;
  /** Python's name. */
  encoding: string;
  /** Replace bytes that are invalid in the encoding. */
  replace?: true;
  /** Number of columns, including those without a name. */
  columns: number;
  /** The names, if a reader would find other names in the header line. */
  names?: string[];
}

/** Keyword arguments of pandas.read_csv that differ from its defaults. */
export interface ReadCsv {
  sep?: string;
  encoding?: string;
  encoding_errors?: 'replace';
  decimal?: string;
  thousands?: string;
  /** Number of lines, or line numbers from 0. */
  skiprows?: number | number[];
  header?: null;
  names?: string[];
  /** Columns that have a name, from 0, if others have none. */
  usecols?: number[];
  index_col?: false;
  comment?: string;
  compression?: 'gzip';
  lineterminator?: '\r';
  engine?: 'python';
}

/** Where a table's names and data are in its file. */

/** The key `table` of config.yaml. */
export interface TableSettings {
  /** Line of the file, from 1. */
  header: 'auto' | 'none' | number;
  /** What lines begin with that are passed over. */
  comment: string;
  /** One character; a blank: any run of blanks and tabs. */
  delimiter: string;
  /** As Python calls it. */
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
  /** Line of the names, from 1; null: the file has none. */
  header: number | null;
  /** Line of the first row of data; null: none is known. */
  data: number | null;
  /** One character; a blank: any run of blanks and tabs. */
  delimiter: string;
  /** As Python calls it. */
  encoding: string;
  /** Bytes that the encoding does not know are to be replaced. */
  replace?: true;
  /** Columns, with those that have no name. */
  columns: number;
  /** The names, where a reader would find others in the line of the header. */
  names?: string[];
}

/** Keyword arguments of pandas.read_csv: those that are to differ from its own. */
export interface ReadCsv {
  sep?: string;
  encoding?: string;
  encoding_errors?: 'replace';
  decimal?: string;
  thousands?: string;
  /** So many lines, or those with these numbers, from 0. */
  skiprows?: number | number[];
  header?: null;
  names?: string[];
  /** Of the columns that have a name, where others have none; from 0. */
  usecols?: number[];
  index_col?: false;
  comment?: string;
  compression?: 'gzip';
  lineterminator?: '\r';
  engine?: 'python';
}

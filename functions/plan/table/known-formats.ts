/** Formats of solar and weather data that their first line identifies. */

export interface Format {
  /** Row numbers of the names and of the first data, from 0. */
  header: number;
  data: number;
  delimiter: string;
  /** For the user. */
  because: string;
}

const formats: { is: RegExp; format: Format }[] = [
  {
    is: /^"?TOA5"?,/,
    format: {
      header: 1,
      data: 4,
      delimiter: ',',
      because: 'it is Campbell’s TOA5: names, units and kinds of averages from line 2 on',
    },
  },
  {
    is: /^"?TOACI1"?,/,
    format: { header: 1, data: 2, delimiter: ',', because: 'it is Campbell’s TOACI1: names in line 2' },
  },
  {
    is: /^"?Source"?,"?Location ID"?,"?City"?,/,
    format: {
      header: 2,
      data: 3,
      delimiter: ',',
      because: 'it is a file of the NSRDB: two lines about the place come first',
    },
  },
  {
    // Station, year, then a number for each element and 0 for its flag. Rows: day of the year, time, values.
    is: /^\d{5}\t(?:19|20)\d\d(?:\t\d{3,4}\t0)+[\r\n]+\d{1,3}\t\d{1,4}\t/,
    format: {
      header: 0,
      data: 1,
      delimiter: '\t',
      because: 'it is a file of the SRML: numbers of elements are its names',
    },
  },
];

/** @param text the first few hundred characters */
export const formatOf = (text: string): Format | undefined => formats.find(({ is }) => is.test(text))?.format;

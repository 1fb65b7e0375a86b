/** The kind of a cell's content: a value, a name, a unit. */

export type Kind = 'empty' | 'number' | 'time' | 'text';

const missing = new Set(
  'na,n/a,nan,null,nil,none,-,--,---,?,*,inf,+inf,-inf,#n/a,#na,missing,no data,nodata'.split(','),
);
const truths = new Set(['true', 'false']);
const number = /^[-+]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eEdD][-+]?\d+)?\s?%?$/;
const grouped = /^[-+]?\d{1,3}(?:[.,'\u00a0 ]\d{3})+(?:[.,]\d+)?$/;
const plainTime =
  /^(?:\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,:]\d+)?)?)?|\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)(?:Z|\s?[-+]\d{2}:?\d{2})?$/;
const month =
  /(?:jan|feb|fév|mar|mär|apr|avr|abr|may|mai|mei|mag|jun|jui|jul|giu|lug|aug|aoû|ago|sep|set|oct|okt|ott|out|nov|dec|dez|déc|dic|ene|gen|mrt)[a-zéûä]{0,6}\.?/;
const timeLetters =
  /\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?|\b(?:[ap]\.?m\.?|utc|gmt|[a-z]{1,3}[sd]?t|z)(?![a-z])|(?<=\d)(?:t(?=\d)|z(?![a-z])|[ap]m(?![a-z]))/g;

/** Start of a time that does not start with a digit. */
const named = /^[a-z]{3,9}[.,]?\s\d|^[a-z]{3,9}[.,]?\s[a-z]{3,9}\s\d/i;

/** The kind of a cell. Placeholders of missing values, such as NaN, count as empty. */
export function kindOf(cell: string): Kind {
  const text = cell.trim();
  if (text === '') return 'empty';
  const code = text.charCodeAt(0);
  // Digits, and what stands before them: . , + -
  if ((code >= 48 && code <= 57) || (code >= 43 && code <= 46)) {
    if (number.test(text)) return 'number';
    if (plainTime.test(text)) return 'time';
    if (grouped.test(text)) return 'number';
    return missing.has(text) ? 'empty' : isTime(text) ? 'time' : 'text';
  }
  if (text.length <= 7) {
    const small = text.toLowerCase();
    if (missing.has(small)) return 'empty';
    if (truths.has(small)) return 'number';
  }
  // `Jan 1, 2020`, `Mon 01.06.2020`.
  return named.test(text) && isTime(text) ? 'time' : 'text';
}

/** A time with names of months or days, am or pm, a zone; or an interval of two times. */
function isTime(text: string): boolean {
  if (text.length > 70) return false;
  const small = text.toLowerCase();
  const hasMonth = month.test(small);
  const rest = small.replace(month, ' ').replace(timeLetters, ' ');
  if (hasMonth) return /^[\d\s.:/+,-]*$/.test(rest) && /\d/.test(rest);
  // Each part is a date, a time of day or the difference of a zone: a number beside them is another cell.
  return (
    /^[\d\s.:/+-]*$/.test(rest) &&
    rest
      .trim()
      .split(/\s+/)
      .every((part) => /\d[-/:]\d|\d\.\d+\.\d|^[-+]\d{4}$/.test(part))
  );
}

export const isValue = (kind: Kind): boolean => kind === 'number' || kind === 'time';

const units = new Set(
  `w,kw,mw,gw,wh,kwh,mwh,gwh,v,kv,mv,a,ma,ka,va,kva,var,kvar,varh,kvarh,vah,hz,khz,c,k,f,°c,°f,ºc,°,degc,degf,deg,degree,
  degrees,celsius,fahrenheit,kelvin,%,pct,percent,m,mm,cm,km,s,sec,secs,seconds,ms,min,mins,minutes,h,hr,hrs,hour,hours,d,day,
  days,yr,m²,m³,pa,hpa,kpa,mbar,bar,mb,psi,j,kj,mj,kg,g,mg,ug,µg,μg,ng,t,lux,klux,lx,lm,ppm,ppb,mol,mmol,umol,µmol,ohm,kohm,ω,
  volts,volt,amps,amp,ampere,watts,watt,unitless,ratio,counts,count,index,ts,rn,utc,local,mph,kmh,kph,kn,knots,l,ml,inch,inches,
  in,ft,n,e,none,bool,str,number,code,date,time,rad,atm,torr,db,rpm,usd,eur,€,$,meter,meters,metre`.split(
    /[\s,]+/,
  ),
);
const timeFormat = /^(?=.*(?:yy|dd|hh|mm))[dmyhst:/.\-\s]+$/i;

/** Whether a cell names a unit: `W/m^2`, `[kWh]`, `deg C`, `dd.MM.yyyy HH:mm`. */
export function isUnit(cell: string): boolean {
  const text = cell.trim();
  if (text.length > 30 || text === '') return false;
  if (/^(?:\[[^\]]*\]|\([^)]*\))$/.test(text) || timeFormat.test(text)) return true;
  // `W/m^2`, `kWh m-2`: powers are no part of a unit's name.
  const parts = text
    .toLowerCase()
    .split(/[\s/·*.^()[\]_-]+/)
    .map((part) => part.replace(/[\d²³⁻¹]+$/, ''))
    .filter((part) => part !== '');
  return parts.length > 0 && parts.every((part) => units.has(part));
}

const aggregates =
  /^(?:smp|avg|ave|average|mean|min|max|tot|total|sum|std|stdev|wvc|med|median|sample|counter|analog|count|inst|instantaneous|raw|cov|int|float|string|double|boolean)\.?$/i;

/** Whether a cell names an aggregate or a type, as loggers write below names. */
export const isAggregate = (cell: string): boolean => aggregates.test(cell.trim());

const times =
  /^ts$|time|date|stamp|zeit|datum|fecha|hora|heure|horodat|tijd|(?:^|\W)(?:data|ora|tid|utc|doy|dato)(?:$|\W)|year|jahr|année|año|month|monat|day|period|hour|minute|时间|日期|日付/i;

/** Whether a name is typical of columns with times. */
export const saysTime = (name: string): boolean => times.test(name);

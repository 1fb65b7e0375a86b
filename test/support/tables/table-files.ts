/** Files as this field has them, with values made up for these tests. */

const repeated = (rows: number, row: (n: number) => string) =>
  Array.from({ length: rows }, (_, n) => row(n)).join('\n');
const two = (n: number) => String(n % 60).padStart(2, '0');

export interface Expected {
  header: number | null;
  data: number;
  delimiter: string;
  names: string[];
  encoding?: string;
}

const nsrdbAbout =
  'Source,Location ID,City,State,Country,Latitude,Longitude,Time Zone,Elevation,Local Time Zone,DHI Units,DNI Units,GHI Units,Version\n' +
  'NSRDB,7001,-,-,-,39.5,-104.9,-7,1700,-7,w/m2,w/m2,w/m2,3.0.6\n';
const nsrdbRow = (n: number) => `2019,1,${1 + n},${n % 24},30,${n * 3},${n * 7},${n * 9},1.${n}`;
const nsrdbNames = ['Year', 'Month', 'Day', 'Hour', 'Minute', 'DHI', 'DNI', 'GHI', 'Temperature'];

/** What it is, its name, what is in it, what is to be found. */
export const tableFiles: [string, string, string | Buffer, Expected][] = [
  [
    'NSRDB, two lines about the place first',
    'a.csv',
    `${nsrdbAbout}${nsrdbNames.join(',')}\n${repeated(20, nsrdbRow)}\n`,
    { header: 3, data: 4, delimiter: ',', names: nsrdbNames },
  ],
  [
    'the same with commas that make all rows equally long, as spreadsheets save it',
    'a.csv',
    `${nsrdbAbout}${nsrdbNames.join(',')},,,,,\n${repeated(20, (n) => `${nsrdbRow(n)},,,,,`)}\n`,
    { header: 3, data: 4, delimiter: ',', names: nsrdbNames },
  ],
  [
    'a relative of it, whose first line is another, padded',
    'a.csv',
    `Provider,Site,Town,Lat,Lon,Zone,Height,Units GHI,Units DNI,Release,More\nSunsat,88,-,41.2,-99.1,-6,610,w/m2,w/m2,4.1,x\nYear,Month,Day,GHI,DNI,,,,,,\n${repeated(20, (n) => `2020,2,${n + 1},${n}.5,${n}.25,,,,,,`)}\n`,
    { header: 3, data: 4, delimiter: ',', names: ['Year', 'Month', 'Day', 'GHI', 'DNI'] },
  ],
  [
    'TMY3: a line about the station first',
    'b.csv',
    `690150,"TWENTYNINE PALMS",CA,-8.0,34.300,-116.167,626\nDate (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),GHI source,DNI (W/m^2),DNI source\n${repeated(30, (n) => `01/01/1995,${two(n + 1)}:00,${n},1,${2 * n},A`)}\n`,
    {
      header: 2,
      data: 3,
      delimiter: ',',
      names: ['Date (MM/DD/YYYY)', 'Time (HH:MM)', 'GHI (W/m^2)', 'GHI source', 'DNI (W/m^2)', 'DNI source'],
    },
  ],
  [
    'SolarAnywhere: a line of names and values first, windows-1252',
    'c.csv',
    Buffer.from(
      `TimeZone:-5,Latitude:44.4,Longitude:-73.2,Elevation (m):41,"Notice: © someone"\nObservationTime(LST),"Temp (°C)",Global Horizontal Irradiance (GHI) W/m2,Wind Speed (m/s)\n${repeated(9, (n) => `01/01/2021 0${n}:00,${-n}.5,${n * 20},1.${n}`)}\n`,
      'latin1',
    ),
    {
      header: 2,
      data: 3,
      delimiter: ',',
      names: [
        'ObservationTime(LST)',
        'Temp (°C)',
        'Global Horizontal Irradiance (GHI) W/m2',
        'Wind Speed (m/s)',
      ],
      encoding: 'cp1252',
    },
  ],
  [
    'PVGIS, hourly: keys and values, a blank line, footnotes',
    'd.csv',
    `Latitude (decimal degrees):\t46.100\r\nLongitude (decimal degrees):\t7.300\r\nElevation (m):\t812\r\nRadiation database:\tPVGIS-SARAH3\r\n\r\n\r\nSlope: 35 deg. \r\nAzimuth: 0 deg. \r\ntime,P,G(i),H_sun,T2m,WS10m,Int\r\n${repeated(24, (n) => `2020010${1 + (n % 9)}:${two(n)}10,${n}.0,${n * 2}.1,${n}.5,3.${n},1.2,0.0\r`)}\n\r\nP: PV system power (W)\r\nG(i): Global irradiance, on the plane, W/m2\r\n\r\nPVGIS (c) European Union, 2001-2025\r\n`,
    { header: 9, data: 10, delimiter: ',', names: ['time', 'P', 'G(i)', 'H_sun', 'T2m', 'WS10m', 'Int'] },
  ],
  [
    'PVGIS, a typical year: a small table of months stands before',
    'e.csv',
    `Latitude (decimal degrees): 46.1\nLongitude (decimal degrees): 7.3\nElevation (m): 812.0\nmonth,year\n${repeated(12, (n) => `${n + 1},20${10 + n}`)}\ntime(UTC),T2m,RH,G(h),Gb(n),Gd(h),IR(h),WS10m,WD10m,SP\n${repeated(40, (n) => `201001${two(n % 28)}:${two(n % 24)}00,${n}.1,80.0,0.0,0.0,0.0,250.5,1.7,250.0,91000.0`)}\n`,
    {
      header: 17,
      data: 18,
      delimiter: ',',
      names: ['time(UTC)', 'T2m', 'RH', 'G(h)', 'Gb(n)', 'Gd(h)', 'IR(h)', 'WS10m', 'WD10m', 'SP'],
    },
  ],
  [
    'PVGIS, monthly: two tabs between cells',
    'f.csv',
    `Latitude (decimal degrees):\t46.1\nLongitude (decimal degrees):\t7.3\nRadiation database:\tPVGIS-ERA5\n\nyear\t\tmonth\t\tH(h)_m\n${repeated(12, (n) => `2016\t\t${['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][n]}\t\t${50 + n}.25`)}\n\nH(h): Irradiation on horizontal plane (kWh/m2/mo)\n`,
    { header: 5, data: 6, delimiter: '\t', names: ['year', 'month', 'H(h)_m'] },
  ],
  [
    'PVWatts, hourly: thirty lines of keys and values, totals at the end',
    'g.csv',
    `"PVWatts: Hourly PV Performance Data"\n"Requested Location:","somewhere, 12"\n"Lat (deg N):","40.02"\n"Long (deg W):","105.2"\n"Elev (m):","1600"\n"DC System Size (kW):","4"\n"Module Type:","Standard"\n"Array Tilt (deg):","20"\n"DC to AC Size Ratio:","1.2"\n"Inverter Efficiency (%):","96"\n""\n"Month","Day","Hour","Beam Irradiance (W/m2)","DC Array Output (W)","AC System Output (W)"\n${repeated(48, (n) => `"1","${1 + Math.floor(n / 24)}","${n % 24}","${n}","${n * 3}.5","${n * 3}"`)}\n"Totals","","","","123.4","120"\n`,
    {
      header: 12,
      data: 13,
      delimiter: ',',
      names: [
        'Month',
        'Day',
        'Hour',
        'Beam Irradiance (W/m2)',
        'DC Array Output (W)',
        'AC System Output (W)',
      ],
    },
  ],
  [
    'PVWatts, monthly: more lines before the table than in it',
    'h.csv',
    `"PVWatts: Monthly PV Performance Data",,,\n${repeated(20, (n) => `"Key ${n}:","${n * 3}"`)}\n"Month","AC System Output(kWh)","Solar Radiation (kWh/m^2/day)","Value ($)"\n${repeated(12, (n) => `"${n + 1}","${300 + n}.1","4.${n}","${30 + n}.2"`)}\n"Total","4000","5.1","400"\n`,
    {
      header: 22,
      data: 23,
      delimiter: ',',
      names: ['Month', 'AC System Output(kWh)', 'Solar Radiation (kWh/m^2/day)', 'Value ($)'],
    },
  ],
  [
    'SURFRAD: station lines, blanks, no names',
    'i.dat',
    ` Someplace\n   44.30000  -105.10000 1300 m version 1\n${repeated(20, (n) => ` 2020   1  1  1  0 ${String(n).padStart(2)}  0.017  88.${n}    0.3 0   -1.2 0   250.7 0     3.2 0`)}\n`,
    { header: null, data: 3, delimiter: ' ', names: Array.from({ length: 16 }, (_, n) => `${n}`) },
  ],
  [
    'US CRN: blanks, no names, a column of texts',
    'j.txt',
    `${repeated(20, (n) => `53131 20200101 00${two(n * 5)} 20191231 17${two(n * 5)}      3 -111.17   32.24    ${n}.6     0.0      0 0    10.4 C 0    77 0 -99.000 -9999.0  1144 0   1.20 0`)}\n`,
    { header: null, data: 1, delimiter: ' ', names: Array.from({ length: 23 }, (_, n) => `${n}`) },
  ],
  [
    'SRML: names are numbers of elements',
    'k.txt',
    `94170\t2021\t1001\t0\t2001\t0\t9300\t0\n${repeated(30, (n) => `1\t${n + 1}\t${n}\t12\t${2 * n}\t12\t-3.${n}\t11`)}\n`,
    {
      header: 1,
      data: 2,
      delimiter: '\t',
      names: ['94170', '2021', '1001', '0', '2001', '0.1', '9300', '0.2'],
    },
  ],
  [
    'CAMS: the last comment has the names',
    'l.csv',
    `# Coding: utf-8\n# Title: some radiation, since 2004\n# Latitude (positive North): 50.1\n#\n# Columns:\n# 1. Observation period (ISO 8601)\n# 2. TOA. Irradiation on horizontal plane; at the top (Wh/m2)\n#\n# Observation period;TOA;Clear sky GHI;Clear sky BHI\n${repeated(12, (n) => `2020-${two(n + 1)}-01T00:00:00.0/2020-${two(n + 1)}-28T00:00:00.0;${n}.5;${n}.25;0.0`)}\n`,
    {
      header: 9,
      data: 10,
      delimiter: ';',
      names: ['# Observation period', 'TOA', 'Clear sky GHI', 'Clear sky BHI'],
    },
  ],
  [
    'comments, then names: a clear-sky file',
    'm.csv',
    `# latitude:39.0\n# longitude: -105.2\n# elevation: 1800\nTime (UTC),GHI,Clear or not\n${repeated(9, (n) => `6/1/2012 0:0${n},${n}.5,1`)}\n`,
    { header: 4, data: 5, delimiter: ',', names: ['Time (UTC)', 'GHI', 'Clear or not'] },
  ],
  [
    'comments with %, with //, with !',
    'n.txt',
    `% made by something, 3 channels\n// Volt, Ampere\n! end\nt,u,i\n0.1,2,3\n0.2,2,3\n`,
    { header: 4, data: 5, delimiter: ',', names: ['t', 'u', 'i'] },
  ],
  [
    'comments with ; above commas',
    'n.csv',
    `; logger 7, firmware 2\n; Golden\nt,u,i\n0.1,2,3\n0.2,2,3\n`,
    { header: 3, data: 4, delimiter: ',', names: ['t', 'u', 'i'] },
  ],
  [
    'TOA5: environment, names, units, kinds of averages',
    'o.dat',
    `"TOA5","CR1000X","CR1000X","9999","CR1000X.Std.04","CPU:mine.CR1X","4242","Minute"\r\n"TIMESTAMP","RECORD","BattV_Min","GHI_Avg","Panel_C"\r\n"TS","RN","Volts","W/m^2","Deg C"\r\n"","","Min","Avg","Smp"\r\n${repeated(9, (n) => `"2021-06-01 00:0${n}:00",${n},12.${n},"NAN",20.${n}\r`)}\n`,
    { header: 2, data: 5, delimiter: ',', names: ['TIMESTAMP', 'RECORD', 'BattV_Min', 'GHI_Avg', 'Panel_C'] },
  ],
  [
    'a TOA5 that has only its four lines',
    'o.dat',
    `"TOA5","CR6","CR6","1","CR6.Std.04","CPU:x","42","Day"\n"TIMESTAMP","RECORD","GHI_Avg"\n"TS","RN","W/m^2"\n"","","Avg"\n`,
    { header: 2, data: null as unknown as number, delimiter: ',', names: ['TIMESTAMP', 'RECORD', 'GHI_Avg'] },
  ],
  [
    'its like, without the first line',
    'o.csv',
    `TIMESTAMP,RECORD,Batt,Soil_Avg\nTS,RN,Volts,VWC\n,,Min,Avg\n${repeated(9, (n) => `2021-06-01 00:0${n}:00,${n},12.${n},0.${n}`)}\n`,
    { header: 1, data: 4, delimiter: ',', names: ['TIMESTAMP', 'RECORD', 'Batt', 'Soil_Avg'] },
  ],
  [
    'SMA: sep=, lines about the devices, names, kinds, units',
    'p.csv',
    `sep=;\r\nVersion CSV1|Tool SE|Linebreaks CR/LF|Delimiter semicolon|Decimalpoint comma|Precision 3\r\n\r\n;SN: 2100300400;SN: 2100300400\r\n;SB 3000TL-21;SB 3000TL-21\r\n;2100300400;2100300400\r\n;Total yield;Power\r\n;Counter;Analog\r\ndd/MM/yyyy HH:mm:ss;kWh;kW\r\n${repeated(9, (n) => `15/12/2020 0${n}:05:00;1234,${n}00;0,${n}00\r`)}\n`,
    { header: 7, data: 10, delimiter: ';', names: ['Total yield', 'Power'] },
  ],
  [
    'the same of two inverters',
    'p.csv',
    `sep=;\nVersion CSV1|Tool SBFspot3.9 (Linux)|Linebreaks LF|Delimiter semicolon|Decimalpoint comma|Precision 3\n\n;SN: 21;SN: 21;SN: 22;SN: 22\n;SB;SB;SB;SB\n;2111;2111;2122;2122\n;Gesamtertrag;Leistung;Gesamtertrag;Leistung\n;Counter;Analog;Counter;Analog\ndd.MM.yyyy HH:mm:ss;kWh;kW;kWh;kW\n${repeated(9, (n) => `28.06.2024 0${n}:00:00; 70860,938; 0,000; 70212,784; 0,${n}00`)}\n`,
    {
      header: 7,
      data: 10,
      delimiter: ';',
      names: ['Gesamtertrag', 'Leistung', 'Gesamtertrag.1', 'Leistung.1'],
    },
  ],
  [
    'SBFspot with the line of units only',
    'p.csv',
    `sep=;\ndd/MM/yyyy HH:mm:ss;kWh;kW\n${repeated(9, (n) => `15/12/2020 0${n}:05:00;1234,${n}00;0,${n}00`)}\n`,
    { header: 2, data: 3, delimiter: ';', names: ['dd/MM/yyyy HH:mm:ss', 'kWh', 'kW'] },
  ],
  [
    'HOBO: a title, names with commas in quotes',
    'q.csv',
    `\ufeff"Plot Title: 10245678"\r\n"#","Date Time, GMT-07:00","Temp, °C (LGR S/N: 10245678)","Intensity, Lux","Host Connected"\r\n${repeated(9, (n) => `${n + 1},06/18/20 1${n}:00:00 AM,24.${n},1${n}.0,\r`)}\n10,06/18/20 11:00:00 PM,,,Logged\r\n`,
    {
      header: 2,
      data: 3,
      delimiter: ',',
      names: [
        '#',
        'Date Time, GMT-07:00',
        'Temp, °C (LGR S/N: 10245678)',
        'Intensity, Lux',
        'Host Connected',
      ],
      encoding: 'utf-8-sig',
    },
  ],
  [
    'the same without quotes',
    'q.csv',
    `Plot Title: 10245678\n#,Date Time - UTC,Temp\n${repeated(9, (n) => `${n + 1},06/18/20 1${n}:00:00 AM,24.${n}`)}\n`,
    { header: 2, data: 3, delimiter: ',', names: ['#', 'Date Time - UTC', 'Temp'] },
  ],
  [
    'Solar-Log: names in a line that begins with #',
    'r.csv',
    `#Datum;Uhrzeit;WR;Pac;DaySum\n${repeated(9, (n) => `01.05.21;12:0${n}:00;1;${n}00;${n}`)}\n`,
    { header: 1, data: 2, delimiter: ';', names: ['#Datum', 'Uhrzeit', 'WR', 'Pac', 'DaySum'] },
  ],
  [
    'Fronius: units below the names',
    's.csv',
    `Date and time;Energy | Symo 5.0;PV production\n[dd.MM.yyyy HH:mm];[Wh];[kWh]\n${repeated(9, (n) => `01.05.2021 0${n}:00;${n}0;0,${n}`)}\n`,
    { header: 1, data: 3, delimiter: ';', names: ['Date and time', 'Energy | Symo 5.0', 'PV production'] },
  ],
  [
    'Enphase: a total at the end',
    't.csv',
    `Date/Time,Energy Produced (Wh)\n${repeated(9, (n) => `05/0${n + 1}/2021 00:00 -0700,${n}00`)}\nTotal,3600\n`,
    { header: 1, data: 2, delimiter: ',', names: ['Date/Time', 'Energy Produced (Wh)'] },
  ],
  [
    'SolarEdge: quoted times, gaps',
    'u.csv',
    `Time,System Production (W)\n${repeated(9, (n) => `"05/01/2021 0${n}:15",${n % 3 ? `"1,20${n}.5"` : ''}`)}\n`,
    { header: 1, data: 2, delimiter: ',', names: ['Time', 'System Production (W)'] },
  ],
  [
    'PVOutput without names',
    'v.csv',
    `${repeated(9, (n) => `2021050${n + 1},0${n}:05,${n}00,${n},-,-,NaN`)}\n`,
    { header: null, data: 1, delimiter: ',', names: ['0', '1', '2', '3', '4', '5', '6'] },
  ],
  [
    'MIDC: fewer names than cells, an empty first name',
    'w.txt',
    `,Year,DOY,MST,Global [W/m^2],Direct [W/m^2]\n${repeated(9, (n) => `0,2021,100,${n},${n}.5,0,-7999,-7999`)}\n`,
    { header: 1, data: 2, delimiter: ',', names: ['Year', 'DOY', 'MST', 'Global [W/m^2]', 'Direct [W/m^2]'] },
  ],
  [
    'EPW saved as .csv: no names, lines of other lengths first',
    'x.csv',
    `LOCATION,Somewhere,XX,USA,TMY3,724000,39.8,-104.6,-7.0,1650.0\nDESIGN CONDITIONS,0\nGROUND TEMPERATURES,0\nDATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31\n${repeated(20, (n) => `1995,1,1,${n + 1},0,A7A7A7,${n}.5,-3.0,60,83000,0,0`)}\n`,
    { header: null, data: 5, delimiter: ',', names: Array.from({ length: 12 }, (_, n) => `${n}`) },
  ],
  [
    'Excel: "Unicode text"',
    'y.txt',
    Buffer.concat([
      Buffer.of(0xff, 0xfe),
      Buffer.from('Zeit\tLeistung (W)\r\n1\t2,5\r\n2\t3,5\r\n', 'utf16le'),
    ]),
    { header: 1, data: 2, delimiter: '\t', names: ['Zeit', 'Leistung (W)'], encoding: 'utf-16' },
  ],
  [
    'a title above the table, as spreadsheets have it',
    'z.csv',
    `Plant report,,,\nMarch 2021,,,\n,,,\nTime,Inverter 1,Inverter 2,Meter\n${repeated(9, (n) => `2021-03-01 0${n}:00,${n},${n}.5,7`)}\n`,
    { header: 4, data: 5, delimiter: ',', names: ['Time', 'Inverter 1', 'Inverter 2', 'Meter'] },
  ],
  [
    'columns of fixed width with names',
    'z.txt',
    `  day   hour   ghi    temp\n${repeated(9, (n) => `    1     ${n}    ${n}.5   -2.${n}`)}\n`,
    { header: 1, data: 2, delimiter: ' ', names: ['day', 'hour', 'ghi', 'temp'] },
  ],
];

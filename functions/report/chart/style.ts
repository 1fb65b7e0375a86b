/** Colours of charts, and the rules that apply them. */

export interface Palette {
  background: string;
  text: string;
  muted: string;
  rule: string;
  lane: string;
  busy: string;
  failed: string;
}

/** Text has a contrast of 7:1 with the background, muted text and bars at least 4.5:1. */
export const light: Palette = {
  background: '#ffffff',
  text: '#1a1d21',
  muted: '#565e6b',
  rule: '#c5cbd4',
  lane: '#eceff3',
  busy: '#2a66ad',
  failed: '#b3261e',
};

export const dark: Palette = {
  background: '#15181c',
  text: '#e8eaed',
  muted: '#a6aebb',
  rule: '#414954',
  lane: '#23282f',
  busy: '#6ea8ea',
  failed: '#ff8a7a',
};

/** A palette whose colours the page decides. */
export const variables = Object.fromEntries(
  Object.keys(light).map((name) => [name, `var(--${name})`]),
) as unknown as Palette;

/** Rules for the classes that charts use. */
export const chartStyle = (colour: Palette, font: string): string =>
  `.chart text{font-family:${font};font-size:11px;fill:${colour.text}}
.chart .title{font-size:17px;font-weight:bold}
.chart .heading{font-size:12px;font-weight:bold}
.chart .muted{fill:${colour.muted}}
.chart .small{font-size:10px}
.chart .end{text-anchor:end}
.chart .middle{text-anchor:middle}
.chart .background{fill:${colour.background}}
.chart .rule{stroke:${colour.rule};fill:none}
.chart .lane{stroke:${colour.lane};fill:none}
.chart .grid{stroke:${colour.muted};stroke-opacity:.25;fill:none}
.chart .busy{fill:${colour.busy}}
.chart .busy-line{stroke:${colour.busy};fill:none}
.chart .outline{stroke:${colour.failed}}
.chart .failed{fill:${colour.failed}}
.chart .failed-line{stroke:${colour.failed};fill:none}
.chart .halo{stroke:${colour.background};fill:none}
.chart .stripe{fill:${colour.background}}
.chart .gap{fill:${colour.rule}}`;

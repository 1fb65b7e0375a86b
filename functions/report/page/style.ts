/** The page's style sheet: system fonts, light and dark, screen and paper. */
import { chartStyle, dark, light, type Palette, variables } from '../chart/style.ts';

const declare = (palette: Palette) =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';');

export const pageStyle = (): string => `:root{color-scheme:light dark;${declare(light)}}
@media (prefers-color-scheme:dark){:root{${declare(dark)}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1248px;padding:32px 24px 64px;background:var(--background);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:26px;line-height:1.2;margin:0;overflow-wrap:anywhere}
h2{font-size:18px;margin:44px 0 12px;padding-top:12px;border-top:1px solid var(--rule)}
h3{font-size:15px;margin:24px 0 8px;overflow-wrap:anywhere}
p{margin:6px 0}
.muted{color:var(--muted)}
.figures{display:grid;grid-template-columns:repeat(6,1fr);gap:1px;margin:24px 0 0;padding:0;border:1px solid var(--rule);background:var(--rule);border-radius:6px;overflow:hidden}
.figures div{background:var(--background);padding:12px 14px;display:flex;flex-direction:column-reverse;justify-content:flex-end}
.figures dt{color:var(--muted);font-size:13px}
.figures dd{margin:0;font-size:21px;font-variant-numeric:tabular-nums;line-height:1.3}
.figures .bad dd{color:var(--failed);font-weight:600}
.scroll{overflow-x:auto}
svg.chart{display:block;width:100%;height:auto;min-width:760px}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums;min-width:50%}
caption{text-align:left;color:var(--muted);padding:0 0 6px}
th,td{text-align:left;padding:5px 20px 5px 0;border-bottom:1px solid var(--rule);vertical-align:top}
th{font-weight:600;white-space:nowrap}
tbody th{font-weight:400}
.number{text-align:right;white-space:nowrap}
.name{overflow-wrap:anywhere;min-width:16em}
.bad-text{color:var(--failed);font-weight:600}
th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;text-decoration:underline dotted;text-underline-offset:3px}
th[aria-sort=ascending] button::after{content:" ▲"}
th[aria-sort=descending] button::after{content:" ▼"}
pre{font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--lane);border-radius:4px;padding:10px 12px;margin:6px 0 12px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;max-height:28em;overflow-y:auto}
pre.table{white-space:pre;overflow-wrap:normal;max-height:none}
details{margin:6px 0}
summary{cursor:pointer;overflow-wrap:anywhere}
.error{border-left:3px solid var(--failed);padding:2px 0 2px 14px;margin:18px 0}
.error h3{margin:0 0 4px}
.error details{margin-left:2px}
.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(260px,1fr));gap:16px;margin:12px 0}
figure{margin:0}
figure img{display:block;width:100%;height:auto;background:#fff;border:1px solid var(--rule);border-radius:4px}
figcaption{color:var(--muted);font-size:13px;overflow-wrap:anywhere}
a{color:inherit}
.track{position:relative;width:220px;height:12px;margin-top:5px;background:var(--lane)}
.track i{position:absolute;top:0;bottom:0;min-width:2px;background:var(--busy)}
@media (max-width:1000px){.figures{grid-template-columns:repeat(4,1fr)}}
@media (max-width:640px){.figures{grid-template-columns:repeat(2,1fr)}body{padding:20px 14px 40px}}
@media print{body{max-width:none;padding:0;font-size:11pt}h2,h3{break-after:avoid}svg,.error,tr{break-inside:avoid}pre{max-height:none}th button{text-decoration:none}svg.chart{min-width:0}
:root{${declare(light)}}}
${chartStyle(variables, 'inherit')}
`;

#pragma once

#include <string_view>

namespace lineside {

// Text stands out from what is behind it by at least 4.5 to 1, and shapes by 3 to 1, on light and on dark; a test
// computes it. Paper is always light.
inline constexpr std::string_view review_style = R"css(
:root{color-scheme:light dark;--page:#ffffff;--card:#f4f6f9;--ink:#16191d;--quiet:#525b66;--rule:#c9d1da;
--bar:#0b5cad;--past:#7c8794;--bad:#a3142b;--warn:#854a00;--good:#11632f}
@media screen and (prefers-color-scheme:dark){:root{--page:#0f1318;--card:#1a2028;--ink:#e8ecf1;--quiet:#a3adb9;
--rule:#39424d;--bar:#6fb3ff;--past:#76818e;--bad:#ff9191;--warn:#ffc069;--good:#7fdc9c}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
"Noto Sans",sans-serif}
main{max-width:60rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.6rem;line-height:1.25;margin:0}
h2{font-size:1.1rem;margin:2rem 0 .5rem;padding-bottom:.25rem;border-bottom:2px solid var(--rule)}
p{margin:.25rem 0}
.quiet{color:var(--quiet)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem;margin:.75rem 0;padding:0;
list-style:none}
.tiles li{background:var(--card);border:1px solid var(--rule);border-radius:.5rem;padding:.6rem .75rem}
.tiles span{display:block;font-size:.85rem;color:var(--quiet)}
.tiles b{display:block;font-size:1.5rem;line-height:1.3;font-weight:600;font-variant-numeric:tabular-nums}
svg{display:block;width:100%;height:auto;margin-top:.35rem}
.past{fill:var(--past)}
.bar{fill:var(--bar)}
.base{stroke:var(--quiet);stroke-width:1}
ul.list{margin:.5rem 0;padding:0;list-style:none}
ul.list li{padding:.45rem 0 .45rem .75rem;border-inline-start:3px solid var(--warn);margin:.4rem 0;
padding-inline-start:.75rem;overflow-wrap:anywhere}
ul.plain li{border-color:var(--rule)}
table{width:100%;border-collapse:collapse;font-size:.95rem}
th{text-align:start;font-weight:600;color:var(--quiet);font-size:.85rem}
th,td{padding:.4rem .6rem .4rem 0;padding-inline:0 .6rem;border-bottom:1px solid var(--rule);vertical-align:top;
overflow-wrap:anywhere}
td.number,th.number{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
td.when{white-space:nowrap;font-variant-numeric:tabular-nums}
td svg{width:7rem;margin:.2rem 0}
code{font:.9em ui-monospace,"SF Mono",Menlo,Consolas,monospace}
.bad{color:var(--bad)}
.warn{color:var(--warn)}
.good{color:var(--good)}
.mark{font-weight:600}
@media (max-width:38rem){thead{display:none}tr{display:block;padding:.5rem 0;border-bottom:1px solid var(--rule)}
td,td.number{display:flex;gap:.75rem;justify-content:space-between;border:0;padding:.1rem 0;text-align:start;
white-space:normal}td::before{content:attr(data-label);color:var(--quiet);flex:0 0 7rem}
td>*{flex:1 1 auto;min-width:0;text-align:end}td svg{margin-inline-start:auto}}
@media print{main{max-width:none;padding:0}li,tr{break-inside:avoid}h2{break-after:avoid}
.bar,.past{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

} // namespace lineside

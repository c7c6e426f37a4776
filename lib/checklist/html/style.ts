import { Markup } from "./markup";

/** Light and dark after the reader's own setting; one column on a phone; black on white on paper. */
export const STYLE = new Markup(`
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #ffffff; --soft: #f3f5f7; --line: #c9d1d9; --link: #0b57a4;
  --pass: #116329; --fail: #a40e26; --waived: #7d4e00; --unknown: #57606a; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #0d1117; --soft: #161b22; --line: #3d444d; --link: #79b8ff;
    --pass: #56d364; --fail: #ff8f88; --waived: #e3b341; --unknown: #9ea7b3; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.25rem 0 .25rem; }
a { color: var(--link); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem; }
.scroll { overflow-x: auto; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
caption { text-align: left; color: var(--unknown); padding: .25rem 0; }
th, td { border: 1px solid var(--line); padding: .3rem .5rem; text-align: left; vertical-align: top; overflow-wrap: break-word; }
td ul { margin: 0; padding-left: 1.1rem; } td li { overflow-wrap: anywhere; } td:has(ul) { min-width: 11rem; } tbody th { min-width: 7rem; }
thead th { background: var(--soft); }
tbody th { font-weight: 600; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
.result { font-weight: 700; white-space: nowrap; }
.pass { color: var(--pass); } .fail, .not-built { color: var(--fail); } .waived { color: var(--waived); }
.unknown, .not-applicable { color: var(--unknown); }
.verdict { border-left: .3rem solid currentColor; padding-left: .75rem; }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; padding: .3rem .75rem; }
summary { cursor: pointer; }
.box { border: 1px solid var(--line); border-radius: .4rem; padding: .4rem .75rem; margin: .5rem 0; }
.box p { margin: .1rem 0 .3rem; } .tiers .box { background: var(--soft); }
.tiers, .chips, .places { list-style: none; padding: 0; margin: 0; }
.chips, .places { display: flex; flex-wrap: wrap; gap: .3rem .5rem; margin: .3rem 0; }
.chips li { background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; padding: 0 .6rem; overflow-wrap: anywhere; }
.way { list-style: none; padding: 0; max-width: 40rem; }
.way li { background: var(--soft); border: 1px solid var(--line); border-radius: .4rem; padding: .4rem .75rem; margin-bottom: 2rem; position: relative; }
.way li:not(:last-child, :has(+ .beside))::after { content: "\\2193" / ""; position: absolute; left: 50%; bottom: -1.8rem; }
@media (max-width: 40rem) {
  th, td { padding: .2rem .35rem; font-size: .875rem; } tbody th { min-width: 5.5rem; } td:has(ul) { min-width: 10rem; }
  header { padding-bottom: 0; }
}
@media (max-width: 26rem) { th, td { padding: .15rem .25rem; font-size: .8rem; } tbody th { min-width: 4.5rem; } }
@media print {
  nav, .skip { display: none; } body { font-size: 10pt; } h2, h3, caption { break-after: avoid; } tr, .way li { break-inside: avoid; }
  /* A closed part is printed, too; lists of places in tables stay closed. Paper does not scroll. */
  main > details::details-content { content-visibility: visible; block-size: auto; }
  .scroll { overflow: visible; } th, td { font-size: 8pt; padding: .15rem .25rem; } td { overflow-wrap: anywhere; }
  td:has(ul), tbody th { min-width: 0; } td ul { padding-left: .7rem; }
}
`);

/** Served as /assets/style.css. Kept in the source so that a bundle needs no file beside it. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #fff; --line: #d9dee5; --text: #1b2430; --quiet: #5a6675; --link: #0b5cad;
  --good: #1a7f37; --good-bg: #dff5e4; --bad: #b3261e; --bad-bg: #fde7e5; --done: #6e40c9; --done-bg: #efe7fd;
  --hunk: #57606a; --hunk-bg: #eaf2fb; --button: #1a7f37; --button-text: #fff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f141a; --card: #171e26; --line: #2c3642; --text: #e3e9f0; --quiet: #97a4b3; --link: #79b8ff;
    --good: #57d07a; --good-bg: #12301d; --bad: #ff8f87; --bad-bg: #3b1817; --done: #c3a6ff; --done-bg: #2b2145;
    --hunk: #9fb0c3; --hunk-bg: #1a2838; --button: #238636; --button-text: #fff;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.bar { display: flex; gap: 1.5rem; align-items: center; padding: .75rem 1.5rem; background: var(--card);
  border-bottom: 1px solid var(--line); }
.bar .brand { font-weight: 650; color: var(--text); }
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.45rem; line-height: 1.3; margin: 0 0 .35rem; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 1.75rem 0 .6rem; }
.number, .quiet { color: var(--quiet); font-weight: 400; }
.lead { color: var(--quiet); margin: 0 0 1.25rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; margin: 0 0 1.25rem; }
.row { display: flex; gap: 1rem; align-items: center; padding: .65rem 1rem; border-top: 1px solid var(--line); }
.row:first-child { border-top: 0; }
.row .grow { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.row .small { font-size: .85rem; }
.empty { padding: 1.5rem 1rem; color: var(--quiet); text-align: center; }
.badge { display: inline-block; padding: .05rem .6rem; border-radius: 1rem; font-size: .82rem; font-weight: 550; white-space: nowrap; }
.open, .clean { color: var(--good); background: var(--good-bg); }
.closed, .dirty { color: var(--bad); background: var(--bad-bg); }
.merged { color: var(--done); background: var(--done-bg); }
.plain { color: var(--quiet); background: var(--hunk-bg); }
code, .mono { font: .88em/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
code { background: var(--hunk-bg); border-radius: 4px; padding: .1rem .35rem; }
.body { padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
form { display: inline; margin: 0; }
button { font: inherit; font-weight: 550; padding: .35rem .95rem; border-radius: 6px; border: 1px solid var(--line);
  background: var(--card); color: var(--text); cursor: pointer; white-space: nowrap; }
button.primary { background: var(--button); border-color: transparent; color: var(--button-text); }
button:hover { filter: brightness(1.08); }
.actions { display: flex; gap: .75rem; align-items: center; flex-wrap: wrap; padding: .9rem 1rem; }
.notice { padding: .7rem 1rem; border-radius: 8px; margin: 0 0 1.25rem; }
.tabs { display: flex; gap: 1.25rem; margin: 0 0 1rem; }
.tabs [aria-current] { color: var(--text); font-weight: 600; }
.pager { display: flex; justify-content: space-between; color: var(--quiet); }
.files { margin: 0; padding: .75rem 1rem; list-style: none; }
.conflicts { padding-top: 0; }
.file-name { padding: .5rem 1rem; border-bottom: 1px solid var(--line); font-weight: 550; overflow-wrap: anywhere; }
.file-name .plus { color: var(--good); } .file-name .minus { color: var(--bad); }
.scroll { overflow-x: auto; }
table.diff { border-collapse: collapse; width: 100%; font: .82rem/1.55 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
table.diff td { padding: 0 .6rem; white-space: pre; vertical-align: top; tab-size: 4; }
table.diff td.n { width: 1%; min-width: 2.8rem; text-align: right; color: var(--quiet); user-select: none; }
table.diff td.line { width: 99%; }
tr.add { background: var(--good-bg); } tr.del { background: var(--bad-bg); }
tr.hunk td { background: var(--hunk-bg); color: var(--hunk); padding-block: .15rem; }
@media (max-width: 40rem) { main { padding: 1rem; } .row { flex-wrap: wrap; } .bar { padding-inline: 1rem; } }
`.trimStart();

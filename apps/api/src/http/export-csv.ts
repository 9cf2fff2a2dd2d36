/** A value of a CSV file; what is absent is an empty cell, an object is its JSON. */
export type Cell = string | number | object | undefined;

/** One line of RFC 4180 CSV, with its CRLF. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Numbers and JSON of our own cannot be formulas; a text that a spreadsheet would run gets an apostrophe before it. */
function csvCell(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const text = typeof cell === 'string' ? disarmed(cell) : JSON.stringify(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What begins with one of these is a formula to some spreadsheet, in its full-width form too. */
function disarmed(text: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
}

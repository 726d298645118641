/** CSV of what a list shows, made in the browser from rows that are loaded already. */

/** Quotes a cell; a text that a spreadsheet would run as a formula gets an apostrophe before it. */
export function csvCell(text: string): string {
  const isNumber = /^-?\d+([.,]\d+)?$/.test(text);
  const safe = !isNumber && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";\n\r,]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV with semicolons, CRLF and a byte order mark, as the spreadsheets in DACH expect it. */
export function toCsv(head: string[], rows: string[][]): string {
  return '\ufeff' + [head, ...rows].map((row) => row.map(csvCell).join(';')).join('\r\n') + '\r\n';
}

/** Hands a text to the person as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

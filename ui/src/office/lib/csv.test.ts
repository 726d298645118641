import { expect, test } from 'vitest';
import { csvCell, toCsv } from './csv';

test('a cell that a spreadsheet would run as a formula is defused', () => {
  for (const text of ['=1+1', '+49 89', '-cmd', '@SUM(A1)', '\tx']) expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
});
test('a negative number stays a number', () => {
  expect(csvCell('-18,90')).toBe('"-18,90"');
  expect(csvCell('-3')).toBe('-3');
});
test('separators, quotes and line ends are quoted', () => {
  expect(csvCell('a;b')).toBe('"a;b"');
  expect(csvCell('3" Rohr')).toBe('"3"" Rohr"');
  expect(csvCell('a\nb')).toBe('"a\nb"');
});
test('a table begins with the byte order mark and ends its lines with CRLF', () => {
  expect(toCsv(['Name', 'Preis'], [['Brot', '5,40']])).toBe('\ufeffName;Preis\r\nBrot;"5,40"\r\n');
});

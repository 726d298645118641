/**
 * What people type, as whole units. Both "12,50" and "12.50" are understood; digits are moved as text and
 * never calculated with. `null` means: this is no such value.
 */
function units(text: string, digits: number, most: number): number | null {
  const found = /^([−-]?)(\d*)(?:[.,](\d*))?$/.exec(text.trim().replace(/[\s' ’€]/g, ''));
  if (!found) return null;
  const [, minus = '', whole = '', part = ''] = found;
  if (whole === '' && part === '') return null;
  if (part.length > digits) return null;
  const value = Number(`${whole}${part.padEnd(digits, '0')}`);
  if (!Number.isSafeInteger(value) || value > most) return null;
  return minus && value !== 0 ? -value : value;
}

/** "12,5" → 1250 minor units of a currency with two digits. */
export const parseMinor = (text: string, digits: number): number | null => units(text, digits, 1_000_000_000);
/** A part of what is due: nothing typed is all of it (`undefined`), `null` no amount that could be asked for. */
export function parsePart(text: string, digits: number): number | null | undefined {
  if (text.trim() === '') return undefined;
  const amount = parseMinor(text, digits);
  return amount !== null && amount > 0 ? amount : null;
}
/** "0,486" → 486 thousandths. */
export const parseThousandths = (text: string): number | null => units(text, 3, 99_999_999);
/** "12,5" → 1250 hundredths of a percent. */
export const parseBasisPoints = (text: string): number | null => units(text.replace('%', ''), 2, 10_000);
/** A whole number without sign. */
export const parseCount = (text: string): number | null => (/^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : null);

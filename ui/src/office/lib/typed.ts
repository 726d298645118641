/** Smallest units as a person would type them: the counterpart of `kit/parse`. */
import { decimalSign, decimalText } from '../../kit/format';

/** At least `least` digits stay after the decimal sign, zeros beyond them are dropped. Nothing is `""`. */
export function typed(value: number | null | undefined, digits: number, least = digits): string {
  if (value === null || value === undefined) return '';
  const [whole = '0', part = ''] = decimalText(value, digits).split('.');
  let end = part.length;
  while (end > least && part[end - 1] === '0') end -= 1;
  return end === 0 ? whole : `${whole}${decimalSign()}${part.slice(0, end)}`;
}

/** A local time of the API (`2027-01-01T00:00:00`) as `<input type=datetime-local>` wants it, and back. */
export const toLocalInput = (at: string | null | undefined): string => at?.slice(0, 16) ?? '';
export const fromLocalInput = (text: string): string | null => (text === '' ? null : `${text.slice(0, 16)}:00`);

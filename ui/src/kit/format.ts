/**
 * How amounts, quantities, percentages and times look. Digits are moved, never calculated with: an amount
 * of minor units becomes a decimal text and `Intl` formats that text exactly.
 */
import { language } from '../i18n/language.svelte';
import type { Amount, Unit } from '../api/types';

/** Formatting locale: the language of the page, with the Swiss way of writing numbers for francs. */
function locale(currency?: string): string {
  if (language.current === 'en') return 'en-GB';
  return currency === 'CHF' ? 'de-CH' : 'de-DE';
}

const cache = new Map<string, Intl.NumberFormat>();
function numbers(key: string, tag: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const id = `${tag}|${key}`;
  let found = cache.get(id);
  if (!found) cache.set(id, (found = new Intl.NumberFormat(tag, options)));
  return found;
}

/** Digits after the decimal sign of a currency. */
export function minorDigits(currency: string): number {
  return numbers(`c${currency}`, 'en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** 1299 with 2 digits is "12.99": moved as text. */
export function decimalText(units: number, digits: number): string {
  const whole = String(Math.abs(units)).padStart(digits + 1, '0');
  const cut = whole.length - digits;
  const text = digits === 0 ? whole : `${whole.slice(0, cut)}.${whole.slice(cut)}`;
  return units < 0 ? `-${text}` : text;
}

function write(format: Intl.NumberFormat, text: string): string {
  return format
    .formatToParts(text as Intl.StringNumericLiteral)
    .map((part) => (part.type === 'minusSign' ? '−' : part.value))
    .join('');
}

/** With the currency: "34,92 €". */
export function money(amount: Amount): string {
  const { currency } = amount;
  return write(numbers(`c${currency}`, locale(currency), { style: 'currency', currency }), decimalText(amount.amount, minorDigits(currency)));
}

/** Without the currency, for columns: "34,92". */
export function bare(amount: Amount): string {
  const digits = minorDigits(amount.currency);
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return write(numbers(`n${digits}`, locale(amount.currency), options), decimalText(amount.amount, digits));
}

/** The same with a minus before it, for what is taken off. */
export function taken(amount: Amount): string {
  return bare({ ...amount, amount: -amount.amount });
}

/** Thousandths: 2000 is "2", 486 is "0,486". */
export function quantity(thousandths: number): string {
  const options = { minimumFractionDigits: 0, maximumFractionDigits: 3 };
  return write(numbers('q', locale(), options), decimalText(thousandths, 3));
}

/** Measured goods always with three decimals: "0,500". */
export function measure(thousandths: number, unit: Unit): string {
  if (unit === 'piece') return quantity(thousandths);
  const options = { minimumFractionDigits: 3, maximumFractionDigits: 3 };
  return write(numbers('q3', locale(), options), decimalText(thousandths, 3));
}

/** Hundredths of a percent: 1900 is "19 %". */
export function percent(basisPoints: number): string {
  const options = { style: 'percent', maximumFractionDigits: 2 } as const;
  return write(numbers('p', locale(), options), decimalText(basisPoints, 4));
}

/** A count: "4.812". */
export function count(n: number): string {
  return write(numbers('i', locale(), { maximumFractionDigits: 0 }), String(n));
}

/** A receipt's number as printed: "4812", and "4812-470220" in a shop that was put back from a backup. */
export function receiptNumber(number: number, incarnation: number): string {
  return incarnation > 1 ? `${number}-${incarnation}` : String(number);
}

const time = (options: Intl.DateTimeFormatOptions, at: string | Date): string =>
  new Intl.DateTimeFormat(locale(), options).format(typeof at === 'string' ? new Date(at) : at);

/** "14:07" */
export const clock = (at: string | Date): string => time({ hour: '2-digit', minute: '2-digit' }, at);
/** "23.11.2026" from a timestamp or a plain date. */
export const date = (at: string | Date): string =>
  time(
    typeof at === 'string' && /^\d{4}-\d\d-\d\d$/.test(at)
      ? { day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC' }
      : { day: '2-digit', month: '2-digit', year: 'numeric' },
    at,
  );
/** "Montag, 23. November" */
export const longDate = (at: string | Date): string =>
  time(
    typeof at === 'string' && /^\d{4}-\d\d-\d\d$/.test(at)
      ? { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }
      : { weekday: 'long', day: 'numeric', month: 'long' },
    at,
  );
/** "23.11.2026, 14:07" */
export const dateTime = (at: string | Date): string =>
  time({ day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' }, at);

/** The decimal sign of the page's language. */
export const decimalSign = (): string => (language.current === 'en' ? '.' : ',');

import { afterEach, describe, expect, it } from 'vitest';
import { language } from '../i18n/language.svelte';
import { commandId } from '../api/client';
import { bare, decimalText, measure, money, percent, quantity, receiptNumber, taken } from './format';
import { parseBasisPoints, parseCount, parseMinor, parsePart, parseThousandths } from './parse';

const eur = (amount: number) => ({ amount, currency: 'EUR' });

afterEach(() => (language.current = 'de'));

describe('receipt numbers', () => {
  it('carry the incarnation of a shop that was put back from a backup', () => {
    expect(receiptNumber(4812, 1)).toBe('4812');
    expect(receiptNumber(4812, 470220)).toBe('4812-470220');
  });
});

describe('amounts', () => {
  it('are written the German way', () => {
    expect(money(eur(3492))).toBe('34,92\u00a0€');
    expect(bare(eur(123456789))).toBe('1.234.567,89');
    expect(taken(eur(299))).toBe('−2,99');
    expect(bare(eur(5))).toBe('0,05');
    expect(bare(eur(-5))).toBe('−0,05');
  });
  it('are written the English way', () => {
    language.current = 'en';
    expect(money(eur(3492))).toBe('€34.92');
  });
  it('know currencies without and with other minor units', () => {
    expect(bare({ amount: 1299, currency: 'JPY' })).toBe('1.299');
    expect(bare({ amount: 1001, currency: 'CHF' })).toBe('10.01');
  });
  it('stay exact where a float would not', () => {
    expect(bare(eur(9007199254740991))).toBe('90.071.992.547.409,91');
    expect(decimalText(-29, 2)).toBe('-0.29');
  });
});

describe('quantities and rates', () => {
  it('are thousandths and hundredths of a percent', () => {
    expect(quantity(2000)).toBe('2');
    expect(quantity(486)).toBe('0,486');
    expect(measure(500, 'kilogram')).toBe('0,500');
    expect(percent(1900)).toBe('19\u00a0%');
    expect(percent(260)).toBe('2,6\u00a0%');
  });
});

describe('what people type', () => {
  it('becomes whole minor units', () => {
    expect(parseMinor('12,5', 2)).toBe(1250);
    expect(parseMinor('12.05', 2)).toBe(1205);
    expect(parseMinor(',5', 2)).toBe(50);
    expect(parseMinor('50', 2)).toBe(5000);
    expect(parseMinor('50', 0)).toBe(50);
    expect(parseMinor('0,29', 2)).toBe(29);
  });
  it('is refused when it is no amount', () => {
    for (const text of ['', ',', 'abc', '1,234', '1.000,00', '1e5', '99999999999']) expect(parseMinor(text, 2)).toBeNull();
  });
  it('a part of what is due: nothing typed is all of it', () => {
    expect(parsePart(' ', 2)).toBeUndefined();
    expect(parsePart('12,5', 2)).toBe(1250);
    for (const text of ['0', '-1', 'abc', '1,234']) expect(parsePart(text, 2)).toBeNull();
  });
  it('becomes thousandths, hundredths of a percent, counts', () => {
    expect(parseThousandths('0,486')).toBe(486);
    expect(parseThousandths('3')).toBe(3000);
    expect(parseBasisPoints('12,5 %')).toBe(1250);
    expect(parseBasisPoints('101')).toBeNull();
    expect(parseCount('12')).toBe(12);
    expect(parseCount('-1')).toBeNull();
  });
});

describe('command ids', () => {
  it('are UUIDs of version 7 that sort by time', () => {
    const early = commandId(1_700_000_000_000);
    const late = commandId(1_700_000_000_001);
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(early < late).toBe(true);
  });
});

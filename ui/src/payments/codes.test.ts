/** Whatever a terminal says has a sentence in both languages, and the lists are those of the sources. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { language } from '../i18n/language.svelte';
import { CANCELLED, LAMPS, MACHINE, RESULTS, STATUSES, STEPS } from './codes.fixture';
import { adviceOf, adviceText, byMachine, doubtText, machineAdvice, endedText, lampText, ownWords, progressText } from './index';
import { payments as de } from './texts.de';
import { payments as en } from './texts.en';

const source = (path: string): string | null => {
  const file = fileURLToPath(new URL(`../../../${path}`, import.meta.url));
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
};
const snake = (name: string): string => name.replace(/(?!^)[A-Z]/g, (c) => `_${c}`).toLowerCase();
/** Why a payment is in doubt, as the domain lists it. */
const doubts = [...(/pub enum Doubt \{([\s\S]*?)\n\}/.exec(source('crates/domain/src/payment.rs') ?? '')?.[1] ?? '').matchAll(/^ {4}([A-Z]\w+),$/gm)].map((found) => snake(found[1] ?? ''));

afterEach(() => {
  language.current = 'de';
});

describe.each([['de', de], ['en', en]] as const)('in %s', (tongue, texts) => {
  test.each([...new Set([...STEPS, ...STATUSES])])('a terminal that is at %s says so in a sentence', (code) => {
    language.current = tongue;
    expect(Object.keys(texts.progress)).toContain(code);
    expect(progressText(code, null)).toMatch(/^\S.*\.$/);
  });
  test.each([...new Set([...RESULTS, ...CANCELLED])])('a payment that ended by %s says why, and what to do', (code) => {
    language.current = tongue;
    expect(Object.keys(texts.ended)).toContain(code);
    expect(endedText(code)).toMatch(/^\S.*\.$/);
    expect(adviceText(code, false)).not.toBe(adviceText(code, true));
  });
  test.each(MACHINE)('what a cash machine did not do says why: %s', (code) => {
    language.current = tongue;
    expect(Object.keys(texts.ended)).toContain(code);
    expect(endedText(code)).toMatch(/^\S.*\.$/);
    expect(endedText(code)).not.toContain('Terminal');
    expect(machineAdvice('cash')).not.toBe(machineAdvice('collection'));
  });
  test('every doubt of the domain has its sentence', () => {
    language.current = tongue;
    expect(doubts.length).toBeGreaterThan(10);
    for (const code of doubts) expect(Object.keys(texts.doubt), code).toContain(code);
  });
  test('every lamp says in a few words what is wrong and in a sentence what to do', () => {
    language.current = tongue;
    for (const code of LAMPS) expect(lampText(code).help, code).toMatch(/\.$/);
  });
  test('no text is empty', () => {
    for (const part of [texts.progress, texts.ended, texts.doubt, texts.advice, texts.adviceRefund]) for (const text of Object.values(part)) expect(text).not.toBe('');
  });
});

test('a code that is not known here leaves the word to the terminal, or says something neutral', () => {
  expect(progressText('from_tomorrow', 'Bitte Bon entnehmen')).toBe('Bitte Bon entnehmen');
  expect(progressText('from_tomorrow', null)).toBe(de.progress.unknown);
  expect(progressText('see_text', 'Bitte Bon entnehmen')).toBe('Bitte Bon entnehmen');
  expect(endedText('from_tomorrow', 'Karte zerkratzt')).toContain('Karte zerkratzt');
  expect(endedText('from_tomorrow')).toBe(de.ended.unknown);
  expect(endedText('constructor')).toBe(de.ended.unknown);
  expect(adviceOf('from_tomorrow')).toBe('again');
  expect(doubtText({ code: 'from_tomorrow', amount: null, booked: null })).toBe(de.doubt.unknown);
  expect(lampText('from_tomorrow').short).toBe(de.lamp.short.unknown);
});

test('where the amount is the doubt, both amounts are said', () => {
  const eur = (amount: number) => ({ amount, currency: 'EUR' });
  const said = doubtText({ code: 'amount_differs', amount: eur(2492), booked: eur(2942) }).replace(/\u00a0/g, ' ');
  expect(said).toContain('24,92 €');
  expect(said).toContain('29,42 €');
});

test('the terminal’s own words are not said twice', () => {
  expect(ownWords('Das Terminal sagt: „PIN falsch“', 'PIN falsch')).toBeNull();
  expect(ownWords('Die PIN war falsch.', 'FALSCHE PIN')).toBe('FALSCHE PIN');
});

const machine = source('crates/shop/src/pay/machine.rs');
test.runIf(machine !== null)('the list is that of the cash machine’s codes', () => {
  const named = [...(machine ?? '').matchAll(/"((?:machine_\w+|change_short|sum_changed))"/g)].map((found) => found[1]);
  const listed = MACHINE.filter((code) => code !== 'cashier' && code !== 'interrupted');
  expect([...new Set(named)].sort()).toEqual([...listed].sort());
  expect([byMachine('cash'), byMachine('collection'), byMachine('payment')]).toEqual([true, true, false]);
});

const zvt = source('crates/zvt/src/codes.rs');
test.runIf(zvt !== null)('the lists are those of the terminal’s codes', () => {
  const [results = '', statuses = ''] = (zvt ?? '').split('pub const fn intermediate_name');
  const named = [...results.matchAll(/(?:\(0x[0-9a-f]{2}, |=> )"(\w+)"/g)].map((found) => found[1]);
  expect([...new Set([...RESULTS, 'unknown'])].sort()).toEqual([...new Set([...named, 'unknown'])].sort());
  expect([...new Set([...statuses.matchAll(/=> "(\w+)"/g)].map((found) => found[1]))].sort()).toEqual([...STATUSES].sort());
});

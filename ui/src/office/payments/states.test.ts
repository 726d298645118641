/** The office's list knows every state that the store writes, in both languages. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { paymentTexts as de } from '../i18n/payments.de';
import { paymentTexts as en } from '../i18n/payments.en';
import { lightOf } from './states';

const source = readFileSync(fileURLToPath(new URL('../../../../crates/shop/src/api/payments.rs', import.meta.url)), 'utf8');
const documented = [...(/\/\/\/ (`intended`[\s\S]*?)\n {4}pub state/.exec(source)?.[1] ?? '').matchAll(/`(\w+)`/g)].map((found) => found[1] ?? '');

test('every state has a word and a light', () => {
  expect(documented.length).toBe(9);
  expect(Object.keys(de.states).sort()).toEqual([...documented].sort());
  expect(Object.keys(en.states).sort()).toEqual([...documented].sort());
});
test('what is not known is not taken for no', () => {
  expect(lightOf('in_doubt')).toBe('unknown');
  expect(lightOf('from_tomorrow')).toBe('unknown');
  expect(lightOf('constructor')).toBe('unknown');
  expect(lightOf('resolved_not_charged')).toBe('not_charged');
});

/** Whatever the shop can say to the office is translated. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { errors } from '../i18n/errors.de';
import { importTexts } from '../i18n/import.de';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), 'utf8');
const schemas = (JSON.parse(read('docs/openapi.json')) as { components: { schemas: Record<string, { enum?: string[] }> } }).components.schemas;

test('every problem of an imported line has its sentence', () => {
  expect(Object.keys(importTexts.problems).sort()).toEqual([...(schemas['LineProblem']?.enum ?? [])].sort());
});
test('every field of an import has its name', () => {
  expect(Object.keys(importTexts.fields).sort()).toEqual([...(schemas['Field']?.enum ?? [])].sort());
});
test('every word for settings that contradict themselves has its sentence', () => {
  const words = [...read('crates/domain/src/decide/office.rs').matchAll(/\bbad\("([a-z_]+)"\)/g)].map((match) => match[1] ?? '');
  expect(words.length).toBeGreaterThan(5);
  for (const word of words) expect(errors.settings, word).toHaveProperty(word);
});
test('every weakness of a secret has its sentence', () => {
  const words = [...read('crates/shop/src/auth/secret.rs').matchAll(/Weakness::\w+ => "([a-z_]+)"/g)].map((match) => match[1] ?? '');
  expect(words.length).toBeGreaterThan(5);
  for (const word of words) expect(errors.codes, word).toHaveProperty(word);
});

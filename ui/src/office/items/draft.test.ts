import { expect, test } from 'vitest';
import type { Item } from '../lib/types';
import { contentOf, contentText } from './content';
import { draftOf, emptyItem, textOf } from './draft';

const milk: Item = {
  id: 7, number: '1002', name: 'Weidemilch', codes: [{ code: '4006381333931', quantity: 1000 }, { code: '4000000221227', quantity: 6000, price: 799 }],
  unit: 'piece', tax: 2, tax_split: [{ key: 2, weight: 70 }, { key: 1, weight: 30 }], group: 4,
  prices: [{ amount: 149, list: 0 }, { amount: 129, list: 2, from: '2026-12-01T00:00:00', until: '2026-12-08T00:00:00' }], age: 16, deposit: 14,
  open_price: false, refund: true, weighed: false, price_bound: true, discountable: false, stocked: true, minimum: 20_500, retired: true,
  content: { net: 750, unit: 'millilitre' }, per_hundred: false,
};

test('an item that is opened and saved again is the same item', () => {
  const made = draftOf(textOf(milk, 2), 2);
  const { id: _, ...rest } = milk;
  expect(made).toEqual({
    draft: {
      ...rest,
      codes: [{ code: '4006381333931', quantity: 1000, price: null }, { code: '4000000221227', quantity: 6000, price: 799 }],
      prices: [{ amount: 149, list: 0, from: null, until: null }, milk.prices?.[1]],
    },
  });
});
test('no flag of the API gets lost in the form', () => {
  const made = draftOf({ ...textOf(milk, 2) }, 2);
  if (!('draft' in made)) throw new Error('errors');
  for (const key of Object.keys(milk).filter((name) => name !== 'id')) expect(made.draft).toHaveProperty(key);
});
test('what is missing or no number is said at its field', () => {
  const text = emptyItem(1, 1);
  text.name = 'Brot';
  text.prices = [{ amount: '5,4x', list: 0, from: '', until: '' }];
  text.codes = [{ code: '', pack: '6', price: '' }];
  expect(Object.keys('errors' in draftOf(text, 2) ? (draftOf(text, 2) as { errors: object }).errors : {}).sort()).toEqual(['codes.0.code', 'number', 'prices.0.amount']);
});
test('a price ends after it begins', () => {
  const text = emptyItem(1, 1);
  Object.assign(text, { number: '1', name: 'Brot', prices: [{ amount: '5,40', list: 0, from: '2026-12-02T00:00', until: '2026-12-01T00:00' }] });
  expect(draftOf(text, 2)).toHaveProperty(['errors', 'prices.0.until']);
});
test('a content is typed in the unit that people use, and is sent in the smallest', () => {
  for (const [net, unit, text, shown] of [
    [500, 'gram', '500', 'g'], [1500, 'gram', '1,5', 'kg'], [1000, 'millilitre', '1', 'l'], [750, 'millilitre', '750', 'ml'],
    [2500, 'millimetre', '2,5', 'm'], [5000, 'square_centimetre', '5000', 'cm²'], [15_000, 'square_centimetre', '1,5', 'm²'],
  ] as const) {
    const made = contentText({ net, unit });
    expect([made.content, made.content_unit]).toEqual([text, shown]);
    expect(contentOf(made.content, made.content_unit)).toEqual({ net, unit });
  }
  for (const wrong of ['0', '-1', 'x', '1,5']) expect(contentOf(wrong, 'g')).toBeNull();
  expect(contentOf('0,5', 'kg')).toEqual({ net: 500, unit: 'gram' });
});
test('what is sold by the kilogram has no content, and pieces have no price per 100 g', () => {
  const text = { ...textOf(milk, 2), unit: 'kilogram' as const, per_hundred: true };
  expect(draftOf(text, 2)).toMatchObject({ draft: { content: null, per_hundred: true } });
  expect(draftOf({ ...textOf(milk, 2), per_hundred: true }, 2)).toMatchObject({ draft: { content: milk.content, per_hundred: false } });
  expect(draftOf({ ...textOf(milk, 2), content: 'viel' }, 2)).toHaveProperty(['errors', 'content']);
});

import { expect, test } from 'vitest';
import type { Item } from '../lib/types';
import { draftOf, emptyItem, textOf } from './draft';

const milk: Item = {
  id: 7, number: '1002', name: 'Weidemilch', codes: [{ code: '4006381333931', quantity: 1000 }, { code: '4000000221227', quantity: 6000, price: 799 }],
  unit: 'piece', tax: 2, tax_split: [{ key: 2, weight: 70 }, { key: 1, weight: 30 }], group: 4,
  prices: [{ amount: 149, list: 0 }, { amount: 129, list: 2, from: '2026-12-01T00:00:00', until: '2026-12-08T00:00:00' }], age: 16, deposit: 14,
  open_price: false, refund: true, weighed: false, price_bound: true, discountable: false, stocked: true, minimum: 20_500, retired: true,
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

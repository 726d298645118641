/** An item as it is typed in, and the way to the API's draft and back. Every number stays text until it is sent. */
import { contentOf, contentText, type ContentUnitText } from './content';
import { parseCount, parseMinor, parseThousandths } from '../../kit/parse';
import { t } from '../i18n';
import type { Item, ItemDraft, Unit } from '../lib/types';
import { fromLocalInput, toLocalInput, typed } from '../lib/typed';

export interface CodeText { code: string; pack: string; price: string }
export interface PriceText { amount: string; list: number; from: string; until: string }
export interface ShareText { key: number; weight: string }
export interface ItemText {
  number: string; name: string; group: number; tax: number; split: ShareText[]; unit: Unit; codes: CodeText[]; prices: PriceText[];
  age: string; deposit: number | null; open_price: boolean; weighed: boolean; refund: boolean; price_bound: boolean; discountable: boolean;
  stocked: boolean; minimum: string; retired: boolean;
  content: string; content_unit: ContentUnitText; per_hundred: boolean;
}

export const emptyCode = (): CodeText => ({ code: '', pack: '', price: '' });
export const emptyPrice = (): PriceText => ({ amount: '', list: 0, from: '', until: '' });

/** A new item. */
export function emptyItem(group: number, tax: number): ItemText {
  return {
    number: '', name: '', group, tax, split: [], unit: 'piece', codes: [emptyCode()], prices: [emptyPrice()], age: '', deposit: null,
    open_price: false, weighed: false, refund: false, price_bound: false, discountable: true, stocked: true, minimum: '', retired: false,
    content: '', content_unit: 'g', per_hundred: false,
  };
}

/** An item of the catalogue, for the form. */
export function textOf(item: Item, digits: number): ItemText {
  const codes = (item.codes ?? []).map((code) => ({
    code: code.code,
    pack: code.quantity === undefined || code.quantity === 1000 ? '' : typed(code.quantity, 3, 0),
    price: typed(code.price, digits),
  }));
  const prices = (item.prices ?? []).map((price) => ({
    amount: typed(price.amount, digits), list: price.list ?? 0, from: toLocalInput(price.from), until: toLocalInput(price.until),
  }));
  return {
    number: item.number, name: item.name, group: item.group, tax: item.tax,
    split: (item.tax_split ?? []).map((share) => ({ key: share.key, weight: String(share.weight) })),
    unit: item.unit ?? 'piece', codes: codes.length ? codes : [emptyCode()], prices: prices.length ? prices : [emptyPrice()],
    age: item.age ? String(item.age) : '', deposit: item.deposit ?? null, open_price: item.open_price ?? false,
    weighed: item.weighed ?? false, refund: item.refund ?? false, price_bound: item.price_bound ?? false, discountable: item.discountable ?? true,
    stocked: item.stocked ?? true, minimum: typed(item.minimum, 3, 0), retired: item.retired ?? false,
    ...contentText(item.content), per_hundred: item.per_hundred ?? false,
  };
}

export type Errors = Record<string, string>;

/** The draft to send, or what is wrong at which field (`prices.0.amount`). */
export function draftOf(text: ItemText, digits: number): { draft: ItemDraft } | { errors: Errors } {
  const errors: Errors = {};
  const e = t().errors;
  const read = (key: string, from: string, parse: (s: string) => number | null): number | null => {
    if (from.trim() === '') return null;
    const value = parse(from);
    if (value === null) errors[key] = e.number;
    else if (value < 0) errors[key] = e.below;
    return value;
  };
  if (text.number.trim() === '') errors['number'] = e.needed;
  if (text.name.trim() === '') errors['name'] = e.needed;

  const codes = text.codes.flatMap((row, i) => {
    const code = row.code.trim();
    const pack = read(`codes.${i}.pack`, row.pack, parseThousandths);
    const price = read(`codes.${i}.price`, row.price, (s) => parseMinor(s, digits));
    if (code === '') {
      if (pack !== null || price !== null) errors[`codes.${i}.code`] = e.needed;
      return [];
    }
    return [{ code, quantity: pack ?? 1000, price }];
  });
  const prices = text.prices.flatMap((row, i) => {
    const amount = read(`prices.${i}.amount`, row.amount, (s) => parseMinor(s, digits));
    if (row.from && row.until && row.until <= row.from) errors[`prices.${i}.until`] = e.dates;
    if (amount === null) {
      if (row.from || row.until) errors[`prices.${i}.amount`] ??= e.needed;
      return [];
    }
    return [{ amount, list: row.list, from: fromLocalInput(row.from), until: fromLocalInput(row.until) }];
  });
  if (prices.length === 0 && !text.open_price) errors['prices.0.amount'] ??= e.needed;
  const split = text.split.map((row, i) => ({ key: row.key, weight: read(`tax_split.${i}`, row.weight || '-', parseCount) ?? 0 }));
  const age = read('age', text.age, parseCount);
  const minimum = read('minimum', text.minimum, parseThousandths);
  // What is sold by measure has no content, and what is sold by the piece no price per hundred: the form does not show them there.
  const held = text.unit === 'piece' && !text.weighed && text.content.trim() !== '';
  const content = held ? contentOf(text.content, text.content_unit) : null;
  if (held && content === null) errors['content'] = e.number;
  const per_hundred = text.per_hundred && (text.unit === 'kilogram' || text.unit === 'litre');
  if (Object.keys(errors).length > 0) return { errors };
  return {
    draft: {
      number: text.number.trim(), name: text.name.trim(), codes, unit: text.unit, tax: text.tax, tax_split: split, group: text.group,
      prices, age, deposit: text.deposit, open_price: text.open_price, weighed: text.weighed, refund: text.refund, price_bound: text.price_bound,
      discountable: text.discountable, stocked: text.stocked, minimum, retired: text.retired, content, per_hundred,
    },
  };
}

/** What the till hears and shows when the terminal's word comes with a new view. */
import { expect, test } from 'vitest';
import type { DoubtView, PaymentView } from '../api/types';
import { turn } from './index';

const payment = (truth: PaymentView['truth'], attempt = 9): PaymentView => ({
  attempt, terminal: 'Theke', purpose: 'payment', amount: { amount: 2492, currency: 'EUR' }, truth, code: 'waiting', text: null, can_cancel: true, card: null, inserted: null, open: null,
});
const doubt = (attempt: number): DoubtView => ({
  attempt, basket: 7, terminal: 'Theke', purpose: 'payment', amount: { amount: 2492, currency: 'EUR' }, booked: null, since: '2026-11-23T13:07:00Z', code: 'connection_lost', asking: true,
});
const seen = (payment: PaymentView | null, more: object = {}) => ({ payment, doubts: [] as DoubtView[], basket: { id: 7, tenders: [] as unknown[] } as { id: number; tenders: unknown[] } | null, baskets: [{ id: 7 }], last_receipt: null as unknown, ...more });

test('a payment that begins takes over once', () => {
  expect(turn(seen(null), seen(payment('running')))).toBe('started');
  expect(turn(seen(payment('running')), seen({ ...payment('running'), code: 'insert_card' }))).toBeNull();
  expect(turn(null, seen(payment('running')))).toBe('started');
});
test('the receipt that ends a payment is paid', () => {
  expect(turn(seen(payment('running')), seen(null, { basket: null, baskets: [], last_receipt: {} }))).toBe('paid');
  expect(turn(seen(payment('unknown')), seen(null, { basket: null, baskets: [], last_receipt: {} }))).toBe('paid');
});
test('a part that is paid leaves the receipt open', () => {
  expect(turn(seen(payment('running')), seen(null, { basket: { id: 7, tenders: [{}] } }))).toBe('part');
});
test('a try without money is said once, not again when the page is opened', () => {
  expect(turn(seen(payment('running')), seen(payment('not_charged')))).toBe('not_charged');
  expect(turn(seen(payment('not_charged')), seen(payment('not_charged')))).toBeNull();
  expect(turn(null, seen(payment('not_charged')))).toBeNull();
});
test('another receipt at the till is no end of the payment', () => {
  expect(turn(seen(payment('running')), seen(null, { basket: null, last_receipt: {} }))).toBeNull();
  expect(turn(seen(payment('running')), seen(null, { basket: { id: 8, tenders: [] } }))).toBeNull();
  expect(turn(seen(payment('unknown'), { doubts: [doubt(9)] }), seen(null, { basket: null, doubts: [doubt(9)] }))).toBeNull();
});
test('doubt is said when it comes and when it goes', () => {
  expect(turn(seen(payment('running')), seen(payment('unknown'), { doubts: [doubt(9)] }))).toBe('doubt');
  expect(turn(seen(payment('unknown')), seen(payment('unknown')))).toBeNull();
  expect(turn(seen(null, { basket: null, doubts: [doubt(9)] }), seen(null, { basket: null }))).toBe('settled');
});

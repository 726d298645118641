/** The sale of the core's example 1, and what stands around it. */
import type { DisplayView, DoubtView, LineView, PaymentView, TillView } from '../src/api/types';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const groups = [
  { id: 1, name: 'Obst & Gemüse', color: '#7fae6a' }, { id: 2, name: 'Backwaren', color: '#d9b44a' }, { id: 3, name: 'Käse', color: '#e9cf7a' },
  { id: 4, name: 'Getränke', color: '#7aa6cf' }, { id: 5, name: 'Wurst', color: '#cf7d7d' }, { id: 6, name: 'Eier', color: '#e6a06a' }, { id: 7, name: 'Blumen', color: '#9a8fc7' },
];
const tile = (item: number, name: string, price: number | null, group: number, more: object = {}) => ({
  item, number: String(1000 + item), name, unit: 'piece', price: price === null ? null : eur(price), group, code: null, age: null, weighed: false, open_price: false, ...more,
});
const kg = { unit: 'kilogram', weighed: true };
const tiles = [
  tile(1, 'Semmel', 55, 2), tile(2, 'Brezel', 95, 2), tile(3, 'Sauerteigbrot', 540, 2), tile(4, 'Kartoffeln mehlig', 189, 1, kg), tile(5, 'Boskoop', 279, 1, kg),
  tile(6, 'Eier 10er', 395, 6), tile(7, 'Eier 6er', 249, 6), tile(8, 'Landjäger Paar', 299, 5), tile(9, 'Leberwurst Glas', 420, 5), tile(10, 'Bergkäse', 2490, 3, kg),
  tile(11, 'Weidemilch 1 l', 149, 4), tile(12, 'Joghurt natur', 129, 4), tile(13, 'Apfelsaft 1 l', 220, 4), tile(14, 'Blumenstrauß', null, 7, { open_price: true }), tile(15, 'Apfelbrand 0,5 l', 1890, 4, { age: 18 }),
];

const line = (no: number, name: string, quantity: number, price: number, base: number, more: Partial<LineView> = {}): LineView => ({
  line: no, item: no, name, quantity, unit: 'piece', pack: null, price: eur(price), list_price: null, base: eur(base), discounts: [], total: eur(base), group: 1, rate: 700,
  age: null, deposit_of: null, unknown: false, hand_weighed: false, weighing: null, returned_from: null, changeable: true, discountable: true, note: null, mark: null, ...more,
});
const lines: LineView[] = [
  line(1, 'Weidemilch 3,8 % 1 l', 2000, 149, 298),
  line(2, 'Pfand', 2000, 15, 30, { deposit_of: 1 }),
  line(3, 'Boskoop Äpfel', 486, 279, 136, { unit: 'kilogram' }),
  line(4, 'Landjäger Paar', 3000, 299, 897, { discounts: [{ text: '3 für 2 – Landwoche', manual: false, basis_points: null, amount: eur(299) }], total: eur(598) }),
  line(5, 'Sauerteigbrot 1 000 g', 1000, 540, 540),
  line(6, 'Apfelbrand 0,5 l', 1000, 1890, 1890, { age: 18, rate: 1900 }),
];
const all = ['sell', 'void_line', 'discount', 'see_totals', 'see_receipts', 'see_items', 'see_reports', 'close_day', 'training'] as TillView['permissions'];

const doubtOf = (attempt: number, basket: number, more: Partial<DoubtView> = {}): DoubtView => ({
  attempt, basket, terminal: 'Theke', purpose: 'payment', amount: eur(2492), booked: null, since: '2026-11-23T13:07:31Z', code: 'connection_lost', asking: true, ...more,
});
const card = { kind: 'card' as const, card: 'girocard ****5071', voucher: null, account: null, transfer: null, foreign: null, taken: null, amount: eur(1000), tendered: eur(1000), change: eur(0) };
const cash = { kind: 'cash' as const, card: null, voucher: null, account: null, transfer: null, foreign: null, taken: null, amount: eur(1000), tendered: eur(1000), change: eur(0) };
/** Card payments by the name of a state: running, cancel, doubt, differs, declined, … */
function paying(state: string, view: TillView): void {
  const pay = (more: Partial<PaymentView>): PaymentView => ({
    attempt: 31, terminal: 'Theke', purpose: 'payment', amount: eur(3492), truth: 'running', code: 'insert_card', text: null, can_cancel: true, card: null, inserted: null, open: null, ...more,
  });
  const part = (tender: typeof card | typeof cash): void => {
    if (!view.basket) return;
    Object.assign(view.basket, { tenders: [tender], due: eur(2492), cash_due: eur(2492), cash_suggestions: [[2492, 0], [2500, 8], [3000, 508], [5000, 2508]].map(([a, b]) => ({ tendered: eur(a!), change: eur(b!) })) });
  };
  if (state === 'running') view.payment = pay({});
  if (state === 'pin') view.payment = pay({ code: 'wrong_pin', text: 'PIN FALSCH, NOCH 2 VERSUCHE' });
  if (state === 'cancel') view.payment = pay({ code: 'wait_for_host', can_cancel: false });
  if (state === 'reversal') view.payment = pay({ purpose: 'reversal', code: 'please_wait', can_cancel: false, amount: eur(1000) });
  if (state === 'part_card' || state === 'reversal') part(card);
  if (state === 'doubt') {
    part(cash);
    view.payment = pay({ amount: eur(2492), truth: 'unknown', code: 'connection_lost', can_cancel: false });
    view.doubts = [doubtOf(31, 7)];
  }
  if (state === 'differs') {
    view.payment = pay({ truth: 'unknown', code: 'amount_differs', can_cancel: false });
    view.doubts = [doubtOf(31, 7, { amount: eur(3492), booked: eur(4392), code: 'amount_differs', asking: false })];
  }
  if (state === 'reversal_doubt') {
    part(card);
    view.payment = pay({ purpose: 'reversal', amount: eur(1000), truth: 'unknown', code: 'reversal_failed', can_cancel: false });
    view.doubts = [doubtOf(31, 7, { purpose: 'reversal', amount: eur(1000), code: 'reversal_failed', asking: false })];
  }
  if (state === 'other_doubt' || state === 'two_doubts' || state === 'close_doubt') {
    view.doubts = [doubtOf(30, 6)];
    view.baskets = [7, 6].map((id) => ({ id, till: 1, lines: 4, total: eur(2492), name: null, person: 'Anna Berger', at: '2026-11-23T13:05:00Z', payment: null }));
  }
  if (state === 'two_doubts') view.doubts = [...view.doubts, doubtOf(29, 5, { code: 'nothing_to_compare', asking: false, amount: eur(890) })];
  if (state === 'close_doubt') view.day!.count = { counted: eur(61240), expected: eur(61240), difference: eur(0), foreign: [] };
  if (state === 'declined') view.payment = pay({ terminal: '', amount: null, truth: 'not_charged', code: 'declined_by_host', text: 'ZAHLUNG NICHT MÖGLICH (05)', can_cancel: false });
  if (state === 'unreachable') {
    view.payment = pay({ terminal: '', amount: null, truth: 'not_charged', code: 'unreachable', can_cancel: false });
    view.lamps = view.lamps.map((lamp) => (lamp.kind === 'terminal' ? { ...lamp, state: 'bad', code: 'unreachable' } : lamp));
  }
  if (state === 'refund' && view.basket) {
    Object.assign(view.basket, { returns: true, due: eur(-1890), cash_due: eur(-1890), total: eur(-1890), cash_suggestions: [], lines: [line(1, 'Apfelbrand 0,5 l', -1000, 1890, -1890, { total: eur(-1890), rate: 1900 })], saved: eur(0), articles: 1, last_read: null, last_line: 1, tax: [{ key: 1, rate: 1900, net: eur(-1588), tax: eur(-302), gross: eur(-1890) }] });
  }
  if (state === 'paid_card') {
    view.basket = null;
    view.last_receipt = { receipt: { till: 1, number: 4811 }, incarnation: 1, training: false, page: null, paperless: { page: false, mail: false, sms: false }, on_paper: true, total: eur(3492), tendered: eur(3492), change: eur(0), saved: eur(299), tenders: [{ ...card, amount: eur(3492) }], lines, vouchers: [], invoice_advised: false };
  }
  if (state === 'paid_both') {
    view.basket = null;
    view.last_receipt = { receipt: { till: 1, number: 4811 }, incarnation: 1, training: false, page: null, paperless: { page: false, mail: false, sms: false }, on_paper: true, total: eur(3492), tendered: eur(3500), change: eur(8), saved: eur(299), tenders: [card, { ...cash, amount: eur(2492), tendered: eur(2500), change: eur(8) }], lines, vouchers: [], invoice_advised: false };
  }
}

export function viewOf(state: string): TillView {
  const view: TillView = {
    spare_printer: false, aside: 0, cash_machine: null,
    till: 1, name: 'Kasse 1', weighs: false, weighing: null, shop: 'Hofladen Lindner', language: 'de', currency: 'EUR', minor_digits: 2, seq: 100, person: { id: 1, name: 'Anna Berger', role: 'cashier' },
    permissions: all, training: state === 'training', practice: false, lock_after_seconds: 0,
    day: { number: 311, date: '2026-11-22', opened: '2026-11-23T06:58:00Z', overdue: state === 'overdue', receipts: 43, shift: 1, foreign: [], count: state === 'counted' ? { counted: eur(61240), expected: eur(61250), difference: eur(-10), foreign: [] } : null },
    next_day: 312, next_receipt: 4812,
    basket: {
      id: 7, lines, foreign: [], articles: 8, last_read: null, last_line: 6, discount: null, coupons: [], saved: eur(299), tax: [{ key: 2, rate: 700, net: eur(1497), tax: eur(105), gross: eur(1602) }, { key: 1, rate: 1900, net: eur(1588), tax: eur(302), gross: eur(1890) }],
      total: eur(3492), tenders: [], due: eur(3492), cash_due: eur(3492),
      cash_suggestions: [[3492, 0], [3500, 8], [4000, 508], [5000, 1508]].map(([a, b]) => ({ tendered: eur(a!), change: eur(b!) })),
      age_needed: state === 'age' ? 18 : null, age_checked: state === 'age' ? null : 18, note: null, training: false, returns: false, refunds: [], gives: null,
    },
    baskets: [], parked: [{ id: 4809, till: 2, lines: 4, total: eur(2380), name: 'Frau Huber', person: 'Jonas Keller', at: '2026-11-23T12:52:00Z', payment: null }],
    last_receipt: null, background: [], payment: null, terminal: null, transfer: null, transfers: [], takes_transfers: false, paperless: { page: false, mail: false, sms: false }, doubts: [], takes_cards: state !== 'no_cards', takes_tips: true, hospitality: true, vat_number: { de: 'USt-IdNr.', en: 'VAT ID' }, reserves: state !== 'no_cards', reserving: null, reservations: [],
    lamps: [{ kind: 'record', state: 'ok', code: 'ok', waiting: 0 }, { kind: 'printer', state: 'warn', code: 'paper_low', waiting: 0 }, ...(state === 'no_cards' ? [] : [{ kind: 'terminal' as const, state: 'ok' as const, code: 'ok', waiting: 0 }])],
  };
  paying(state, view);
  if (state === 'paid' || state === 'empty' || state === 'no_day') view.basket = null;
  if (state === 'paid') view.last_receipt = { receipt: { till: 1, number: 4811 }, incarnation: 1, training: false, page: null, paperless: { page: false, mail: false, sms: false }, on_paper: true, total: eur(3492), tendered: eur(5000), change: eur(1508), saved: eur(299), tenders: [cash], lines, vouchers: [], invoice_advised: false };
  if (state === 'no_day') view.day = null;
  return view;
}

export function displayOf(state: string): DisplayView {
  return {
    till: 1, shop: 'Hofladen Lindner', language: 'de', currency: 'EUR', minor_digits: 2, state: state.startsWith('paid') ? 'paid' : state === 'empty' ? 'idle' : 'basket', training: state === 'training', practice: false,
    lines: lines.map((l) => ({ name: l.name, quantity: l.quantity, unit: l.unit, price: l.price, total: l.total, deposit: l.deposit_of !== null, last: l.line === 6 })),
    articles: 8, total: eur(3492), saved: eur(299), due: eur(3492), tendered: eur(5000), change: state === 'paid_card' ? eur(0) : eur(1508), receipt: null, transfer: null,
    payment: (({ payment }) => payment && { purpose: payment.purpose, amount: payment.amount, truth: payment.truth, code: payment.truth === 'running' ? payment.code : '', inserted: payment.inserted, open: payment.open })(viewOf(state)),
  };
}

export function answers(command: { type: string; code?: string }): object | null {
  const no = (code: string, more: object = {}, approvable = false) => ({ type: 'about:blank', status: 422, code, title: '', refusal: { code, ...more }, approvable });
  if (command.type === 'scan' && command.code?.startsWith('40')) return no('unknown_code', { scanned: command.code });
  if (command.type === 'resolve_doubt') return no('not_permitted', { permission: 'resolve_payments' }, true);
  if (command.type === 'no_sale') return no('not_permitted', { permission: 'no_sale' }, true);
  if (command.type === 'void_line') return no('already_paying');
  return null;
}

const tally = (count: number, amount: number) => ({ count, amount });
const totals = {
  receipts: tally(143, 241837), numbers: [4669, 4811], tax: [{ key: 2, rate: 700, net: 150000, tax: 10500, gross: 160500 }, { key: 1, rate: 1900, net: 68350, tax: 12987, gross: 81337 }],
  groups: { 1: tally(60, 60500), 2: tally(88, 70000), 4: tally(70, 111337) }, tenders: { cash: tally(88, 116082), card: tally(52, 121265), card_external: tally(3, 4490) }, discounts: tally(12, 2990), returns: tally(2, -1299), voids: 7, aborted: tally(1, 1290),
  overrides: 1, rounding: 0, paid_in: tally(0, 0), paid_out: tally(1, 1250), drops: tally(1, 80000), no_sales: 1, training: 0,
};

export function reads(path: string): unknown {
  if (path === '/tiles') return { groups, tiles };
  if (path === '/settings') return { reasons: ['Stammkunde', 'Druckstelle', 'Vom Vortag', 'Kulanz'] };
  if (path.startsWith('/items/search')) return tiles.slice(3, 9);
  if (path.startsWith('/groups/')) return tiles.filter((t) => path.includes(`/${t.group}/`));
  if (path.endsWith('/x-report')) {
    return { till: 1, till_name: 'Kasse 1', currency: 'EUR', at: '2026-11-23T13:07:00Z', names: { people: [], groups }, day: { number: 311, date: '2026-11-23', opened: '2026-11-23T06:58:00Z', opened_by: 1, float: 15000, drawer: 175587, totals, shifts: [] } };
  }
  if (path.startsWith('/receipts?')) return { receipts: [4811, 4810, 4809].map((number) => ({ till: 1, number, day: 311, at: '2026-11-23T13:02:00Z', person: 1, person_name: 'Anna Berger', total: eur(number), lines: 5 })), next: null };
  if (path.startsWith('/receipts/1/')) {
    return {
      issued: { till: 1, person: 1, at: '2026-11-23T13:02:00Z', receipt: { number: 4811, day: 311, currency: 'EUR', total: 3492, lines: lines.map((l) => ({ ...l, base: l.base.amount, price: l.price.amount, deposit_of: l.deposit_of ?? undefined })) } },
      person_name: 'Anna Berger', left: [{ line: 1, left: 2000 }, { line: 4, left: 3000 }, { line: 5, left: 1000 }], copies: 0,
    };
  }
  return undefined;
}

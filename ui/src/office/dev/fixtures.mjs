/** Made-up answers for the stand-in: a farm shop on a Monday afternoon. */
const eur = (amount) => ({ amount, currency: 'EUR' });
const all = [
  'sell', 'void_line', 'abort_basket', 'discount', 'override_price', 'return_with_receipt', 'return_without_receipt', 'open_day', 'close_day', 'resolve_payments',
  'move_cash', 'drop_cash', 'no_sale', 'see_totals', 'training', 'see_receipts', 'see_reports', 'see_items', 'manage_items', 'manage_stock',
  'manage_settings', 'manage_people', 'manage_record',
];
export const session = { person: { id: 1, name: 'Anna Berger', role: 'manager' }, permissions: all, till: null, setup_needed: false };
export const settings = {
  name: 'Hofladen Lindner', address: ['Dorfstraße 12', '83233 Bernau am Chiemsee'], tax_number: '156/234/50678', vat_id: null, country: 'DE',
  currency: 'EUR', language: 'de', time_zone: 'Europe/Berlin', prices_include_tax: true, cash_rounding: 1, tax_point: 'payment',
  rates: [
    { key: 1, rate: 1900, from: '2007-01-01T00:00:00' }, { key: 1, rate: 1600, from: '2020-07-01T00:00:00' }, { key: 1, rate: 1900, from: '2021-01-01T00:00:00' },
    { key: 2, rate: 700, from: '1983-07-01T00:00:00' }, { key: 2, rate: 800, from: '2027-01-01T00:00:00' }, { key: 5, rate: 0, from: '2000-01-01T00:00:00' },
  ],
  groups: [
    { id: 1, name: 'Backwaren', tax: 2, color: '#d9b44a' }, { id: 2, name: 'Obst & Gemüse', tax: 2, color: '#7fb069' }, { id: 3, name: 'Käse', tax: 2, color: '#e6cd6a' },
    { id: 4, name: 'Getränke', tax: 1, color: '#7ba7d0' }, { id: 5, name: 'Wurst & Fleisch', tax: 2, color: '#d07b7b' }, { id: 6, name: 'Pfand', tax: 1, color: '#9aa39d' },
  ],
  terminals: [{ id: 1, name: 'Theke', protocol: 'zvt_tcp', address: '192.168.1.60:20007' }, { id: 2, name: 'Hofverkauf', protocol: 'zvt_tcp', address: '192.168.1.61:22000' }],
  tills: [{ id: 1, name: 'Kasse 1', printer: '192.168.1.50:9100', columns: 42, terminal: 1, price_list: 0 }, { id: 2, name: 'Kasse 2', printer: null, columns: 48, price_list: 0 }],
  tiles: [1, 2, 4, 5], promotions: [{ id: 1, name: 'Käsewoche', group: 3, basis_points: 1500, from: '2026-11-23T00:00:00', until: '2026-11-30T00:00:00' }],
  in_store_codes: [], reasons: ['Mindesthaltbarkeit', 'Stammkunde', 'Bruch', 'Wechselgeld'], receipt_header: ['Hofladen Lindner'],
  receipt_footer: ['Danke und bis bald!'], lock_after_seconds: 120, print_receipts: true,
};
const country = (code, currency, rounding, rates) => ({
  country: code,
  name: { de: code, en: code },
  settings: { ...settings, name: '', address: [], country: code, currency, cash_rounding: rounding, rates: rates.map((rate, i) => ({ key: i + 1, rate, from: '2024-01-01T00:00:00' })) },
});
export const countries = [country('DE', 'EUR', 1, [1900, 700, 0]), country('AT', 'EUR', 1, [2000, 1000, 1300, 0]), country('CH', 'CHF', 5, [810, 260, 380])];

export const country_view = {
  country: 'DE', name: { de: 'Deutschland', en: 'Germany' }, vat_number: { de: 'USt-IdNr.', en: 'VAT ID' }, nameless_up_to: { amount: 25_000, currency: 'EUR' },
  voucher_years: 3, voucher_law: '§§ 195, 199 BGB', customer_details: { years: 8, law: 'UStG § 14b (BEG IV)' }, electronic_invoices: true, hospitality: true,
  offered: { dsfinvk: true, units: true, notification: true, chains: false, datev: true },
};

const names = [
  ['Sauerteigbrot 1 000 g', 1, 540, 'piece', 9000, 12000], ['Weidemilch 3,8 % 1 l', 4, 149, 'piece', 48000, 20000], ['Landjäger Paar', 5, 299, 'piece', 22000, 30000],
  ['Boskoop Äpfel', 2, 279, 'kilogram', 36420, 10000], ['Bergkäse 12 Monate', 3, 2490, 'kilogram', 7850, 5000], ['Brezel', 1, 95, 'piece', null, null],
  ['Semmel', 1, 55, 'piece', null, null], ['Apfelsaft naturtrüb 1 l', 4, 220, 'piece', -3000, 12000], ['Apfelbrand 0,5 l', 4, 1890, 'piece', 14000, 6000],
  ['Kartoffeln mehlig', 2, 189, 'kilogram', 120500, 40000], ['Eier 10er', 5, 395, 'piece', 31000, 24000], ['Leberwurst Glas', 5, 420, 'piece', 11000, 6000],
  ['Joghurt natur 500 g', 3, 129, 'piece', 3000, 10000], ['Mehrwegflasche 0,15', 6, 15, 'piece', null, null],
];
export const items = names.map(([name, group, price, unit, stock, minimum], i) => ({
  item: i + 1, number: String(1001 + i), name, group, unit, price: eur(price), codes: [`40012345678${10 + i}`], stock, minimum, retired: i === 11,
}));
export const item = (id) => {
  const row = items[(id - 1) % items.length];
  return {
    item: {
      id, number: row.number, name: row.name, codes: [{ code: row.codes[0] }, { code: '4001234567897', quantity: 6000, price: 799 }], unit: row.unit, tax: 2, group: row.group,
      prices: [{ amount: row.price.amount }, { amount: row.price.amount - 20, from: '2026-12-01T00:00:00', until: '2026-12-08T00:00:00' }], minimum: row.minimum, deposit: id === 2 ? 14 : null, age: id === 9 ? 18 : null,
    },
    price: row.price, stock: row.stock,
  };
};
export const tiles = { groups: [], tiles: [1, 2, 4].map((n) => ({ item: n, name: items[n - 1].name })) };
export const stock = items.filter((row) => row.stock !== null).map(({ item: id, number, name, group, unit, stock: now, minimum }) => ({ item: id, number, name, group, unit, stock: now, minimum }));
export const movements = [
  { seq: 90, at: '2026-11-23T07:12:00Z', person: 1, person_name: 'Anna Berger', kind: 'received', quantity: 24000, counted: null, reason: 'Lieferschein 2311' },
  { seq: 70, at: '2026-11-20T17:40:00Z', person: 2, person_name: 'Jonas Kern', kind: 'counted', quantity: -2000, counted: 9000, reason: 'Inventur' },
  { seq: 50, at: '2026-11-18T09:10:00Z', person: 2, person_name: 'Jonas Kern', kind: 'wasted', quantity: -1000, counted: null, reason: 'Bruch' },
];
export const unknown = [
  { code: '4311596447725', times: 4, last: '2026-11-23T11:48:00Z', name: 'Honig Lindenblüte', price: eur(649), group: 2 },
  { code: '9783161484100', times: 1, last: '2026-11-21T15:02:00Z', name: 'Getränke', price: eur(1290), group: 4 },
];
const week = [8, 9, 10, 11, 12, 13, 14, 15, 16];
const now = [16240, 31010, 46900, 52600, 61830, 53310, 4940, 0, 0];
const before = [18100, 29800, 43300, 50900, 58400, 49100, 39200, 52600, 35900];
export const today = {
  date: '2026-11-23', turnover: eur(241837), receipts: 143, week_ago: { date: '2026-11-16', turnover: eur(377300), receipts: 201, turnover_so_far: eur(223920) },
  hours: week.map((hour, i) => ({ hour, turnover: eur(now[i]), receipts: now[i] ? 9 + i : 0, week_ago: eur(before[i]) })),
  bestsellers: items.slice(0, 5).map((row, i) => ({ item: row.item, name: row.name, group: row.group, quantity: [41000, 63000, 57000, 38420, 6210][i], turnover: eur([22140, 9387, 17043, 10719, 15463][i]), unit: row.unit, stock: row.stock, minimum: row.minimum })),
  tills: [
    { till: 1, name: 'Kasse 1', person: { id: 1, name: 'Anna B.', role: 'manager' }, day: 312, overdue: false, turnover: eur(160412), receipts: 92, lamps: [{ kind: 'printer', state: 'bad', code: 'paper_out', waiting: 2 }, { kind: 'terminal', state: 'warn', code: 'doubt', waiting: 0 }] },
    { till: 2, name: 'Kasse 2', person: { id: 2, name: 'Jonas K.', role: 'cashier' }, day: 118, overdue: true, turnover: eur(81425), receipts: 51, lamps: [] },
    { till: 3, name: 'Handgerät', person: null, day: null, overdue: false, turnover: eur(0), receipts: 0, lamps: [] },
  ],
  todo: [{ kind: 'low_stock', count: 4 }, { kind: 'unknown_codes', count: 2 }, { kind: 'overdue_days', count: 1 }, { kind: 'no_backup', count: 1 }],
  ...(process.env.PLAIN ? {} : { change: 800, average: eur(1691), drawers: eur(101240), tenders: [{ kind: 'cash', count: 88, amount: eur(116082), share: 4800 }, { kind: 'card', count: 52, amount: eur(121265), share: 5014 }, { kind: 'card_external', count: 3, amount: eur(4490), share: 186 }] }),
};
export const receipts = (before) =>
  Array.from({ length: 24 }, (_, i) => {
    const n = (before ? 4788 : 4812) - i;
    return { till: 1 + (n % 2), number: n, day: 312, at: new Date(Date.parse('2026-11-23T13:04:00Z') - i * 331_000).toISOString(), person: 1, person_name: n % 2 ? 'Anna Berger' : 'Jonas Kern', total: eur(i === 3 ? -1890 : 400 + ((n * 7919) % 6200)), lines: 1 + (n % 9) };
  });
export const receipt = {
  issued: {
    till: 1, person: 1, at: '2026-11-23T13:04:12Z',
    receipt: {
      number: 4812, day: 312, opened: '2026-11-23T13:02:00Z', date: '2026-11-23', currency: 'EUR', total: 3492, saved: 299, rounding: 0, voids: 1, age_checked: 18,
      lines: [
        { line: 1, item: 2, code: '4001234567811', name: 'Weidemilch 3,8 % 1 l', quantity: 2000, price: 149, base: 298, tax: 2, group: 4 },
        { line: 2, item: 14, name: 'Mehrwegflasche 0,15', quantity: 2000, price: 15, base: 30, tax: 2, group: 6, deposit_of: 1 },
        { line: 3, item: 4, name: 'Boskoop Äpfel', quantity: 486, unit: 'kilogram', price: 279, base: 136, tax: 2, group: 2 },
        { line: 4, item: 3, name: 'Landjäger Paar', quantity: 3000, price: 299, base: 897, tax: 2, group: 5, discounts: [{ origin: { kind: 'promotion', id: 1, name: 'Landwoche' }, amount: 299 }] },
        { line: 5, item: 1, name: 'Sauerteigbrot 1 000 g', quantity: 1000, price: 540, base: 540, tax: 2, group: 1 },
        { line: 6, item: 9, code: '4001234567818', name: 'Apfelbrand 0,5 l', quantity: 1000, price: 1890, base: 1890, tax: 1, group: 4, age: 18 },
      ],
      tax: [{ key: 1, rate: 1900, net: 1588, tax: 302, gross: 1890 }, { key: 2, rate: 700, net: 1497, tax: 105, gross: 1602 }],
      tenders: [{ kind: 'card', amount: 2492, tendered: 2492, change: 0, rounding: 0, card: { attempt: 412, terminal: 1, terminal_id: '28004869', receipt: '0471', scheme: 'girocard', last4: '5071' } }, { kind: 'cash', amount: 1000, tendered: 1000, change: 0, rounding: 0 }],
    },
  },
  person_name: 'Anna Berger', left: [{ line: 1, left: 2000 }, { line: 3, left: 486 }, { line: 4, left: 1000 }, { line: 5, left: 1000 }, { line: 6, left: 0 }], copies: 0,
};
const tries = [
  ['in_doubt', 'connection_lost', 'payment', 2492, null], ['approved', '', 'payment', 3492, 3492], ['declined', 'declined_by_host', 'payment', 1290, null], ['cancelled', 'customer', 'payment', 899, null],
  ['approved', '', 'refund', 1890, 1890], ['approved', '', 'reversal', 1000, 1000], ['resolved_charged', 'Händlerbeleg zeigt die Zahlung', 'payment', 4410, null], ['resolved_not_charged', 'Letzter Beleg ist älter', 'payment', 650, null],
  ['in_doubt', 'amount_differs', 'payment', 3492, 4392], ['sent', '', 'payment', 1744, null], ['cancelled', 'unreachable', 'payment', 2105, null], ['approved', '', 'payment', 5900, 5000],
];
export const attempts = tries.map(([state, code, purpose, amount, booked], i) => ({
  id: 420 - i, till: 1 + (i % 2), till_name: `Kasse ${1 + (i % 2)}`, terminal: 1 + (i % 2), terminal_name: i % 2 ? 'Hofverkauf' : 'Theke', basket: 900 - i, purpose, reverses: null, amount: eur(amount), booked: booked === null ? null : eur(booked),
  state, code, asked: new Date(Date.parse('2026-11-23T13:07:12Z') - i * 401_000).toISOString(), changed: '2026-11-23T13:07:31Z', person: 1, person_name: 'Anna Berger',
  terminal_id: booked === null ? null : '28004869', receipt: booked === null ? null : String(471 - i).padStart(4, '0'), trace: booked === null ? null : String(90471 - i), scheme: booked === null ? null : i % 2 ? 'girocard' : 'Visa', last4: booked === null ? null : String(5071 - i * 13),
}));
const doubts = attempts.filter((row) => row.state === 'in_doubt').map((row) => ({
  attempt: row.id, basket: row.basket, terminal: row.terminal_name, purpose: row.purpose, amount: row.amount, booked: row.booked, since: row.changed, code: row.code, asking: row.booked === null,
}));
export const payments = (state) => ({ attempts: attempts.filter((row) => !state || row.state === state), next: state ? null : 400, reservations: [], doubts: process.env.CALM ? [] : doubts });
export const terminals = [
  { id: 1, name: 'Theke', address: '192.168.1.60:20007', tills: [1], lamp: { kind: 'terminal', state: 'ok', code: 'ok', waiting: 0 }, identity: { terminal_id: '28004869', model: 'CCV Base Next', serial: '00471122', software: '1.45.2' }, default_password: false },
  { id: 2, name: 'Hofverkauf', address: '192.168.1.61:22000', tills: [], lamp: { kind: 'terminal', state: 'bad', code: 'unreachable', waiting: 0 }, identity: null, default_password: true },
];
export const days = Array.from({ length: 8 }, (_, i) => ({
  till: 1 + (i % 2), number: 311 - i, date: `2026-11-${String(22 - i).padStart(2, '0')}`, closed: `2026-11-${String(22 - i).padStart(2, '0')}T18:12:00Z`, closed_by: 1, closed_by_name: 'Anna Berger',
  receipts: 217 - i * 3, turnover: eur(342110 - i * 8123), difference: eur(i === 2 ? -150 : 0),
}));
export const people = [
  { id: 1, name: 'Anna Berger', role: 'manager', active: true, pin: true, passphrase: true, locked: false },
  { id: 2, name: 'Jonas Kern', role: 'supervisor', active: true, pin: true, passphrase: false, locked: true },
  { id: 3, name: 'Mira Özdemir', role: 'cashier', active: true, pin: false, passphrase: false, locked: false },
  { id: 4, name: 'Paul Huber', role: 'cashier', active: false, pin: true, passphrase: false, locked: false },
];
export const record = {
  seq: 48213, head: '9f2c1d7be04a55318cfe0a7716d3b0f2a9987e6d41c6ff20b51ad7e8330c4b7e',
  verification: { state: 'good', began: '2026-11-22T19:00:00Z', ended: '2026-11-22T19:00:04Z', checked: 47102, entries: 47102, problem: null, names: [] },
  backup: null,
};
export const preview = {
  charset: 'windows1252', separator: ';', decimal: 'comma',
  columns: ['GTIN:code', 'Bezeichnung:name', 'Preis:price', 'MwSt:tax', 'Warengruppe:group', 'Mindestalter:age', 'Pfand:deposit', 'Lieferant:'].map((c, i) => ({ column: i + 1, header: c.split(':')[0], field: c.split(':')[1] || null })),
  counts: { rows: 12483, new: 12102, changed: 378, unchanged: 0, errors: 3 },
  sample: items.slice(0, 8).map((row, i) => ({ line: i + 2, action: i === 2 ? 'changed' : 'new', number: row.number, code: row.codes[0], name: row.name, price: row.price, tax: 2, rate: 700, group: settings.groups[row.group - 1].name, age: null, deposit: i === 1 ? eur(15) : null })),
  errors: [
    { line: 417, column: 1, column_name: 'GTIN', code: 'check_digit', value: '4006381333932' }, { line: 2210, column: 3, column_name: 'Preis', code: 'bad_price', value: '1,2,9' },
    { line: 9001, column: 1, column_name: 'GTIN', code: 'scientific_notation', value: '4,00123E+12' },
  ],
  error_counts: [{ code: 'check_digit', count: 1 }, { code: 'bad_price', count: 1 }, { code: 'scientific_notation', count: 1 }],
  groups: [{ id: 7, name: 'Feinkost' }, { id: 8, name: 'Drogerie' }], deposits: [eur(8), eur(25)],
};
export const outcome = { new: 12102, changed: 378, unchanged: 0, left_out: 3, groups: 2, deposits: 2, errors: [] };
export const paper = '<!doctype html><meta charset="utf-8"><title>Beleg</title><style>body{font:14px/1.4 monospace;padding:16px}</style><pre>      Hofladen Lindner\n      Dorfstraße 12\n\nWeidemilch          2,98\nSUMME              34,92</pre>';

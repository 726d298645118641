import { count, date, dateTime, money, quantity } from '../kit/format';
import type * as german from './refusals.de';
import type { Says } from './refusals.de';
import type { Permission } from '../api/types';

const right = (s: Says): string => (s.permission ? s.permissions[s.permission as Permission] : s.permissions.signed_in);

const fields: Record<string, string> = {
  quantity: 'Quantity', price: 'Price', amount: 'Amount', reason: 'Reason', text: 'Text', name: 'Name', code: 'Code',
  number: 'Number', recall_batch: 'batch', recall_reason: 'reason', recalls: 'number of recalls', float: 'Float', discount: 'Discount', tendered: 'Amount given', codes: 'Barcode',
  lines: 'Number of lines', note: 'Note', place: 'Place', make: 'Make', pieces: 'Number of pieces', despite_doubt: 'Reason',
};
const field = (name: string | undefined): string => (name ? (fields[name] ?? name) : 'Entry');

/** What another terminal says of itself, and what an inspection found. */
export const deviceFacts: typeof german.deviceFacts = {
  terminal_id: 'the terminal ID', model: 'the device', serial: 'the serial number', software: 'the software',
};
export const devicePoints: typeof german.devicePoints = {
  seal: 'seal', overlay: 'overlay on keys or card slot', cables: 'cables', serial: 'serial number on the label', surroundings: 'surroundings and cameras',
};
export const why: typeof german.why = (changed, findings) => {
  const said = changed?.length ? `It says something else than the register (${changed.map((fact) => deviceFacts[fact]).join(', ')}).` : '';
  const found = findings?.length ? `The inspection found something (${findings.map((point) => devicePoints[point]).join(', ')}).` : '';
  return [said, found].filter(Boolean).join(' ');
};

/** What kind of coupon it is. */
const coupons: Record<string, string> = {
  refund_receipt: 'a refund receipt', common_currency: 'a maker’s coupon', agreed: 'a coupon of the trade', global: 'a coupon with a GCN', north_american: 'a coupon from North America',
};

/** Why a coupon of the shop's own is not taken. */
function couponFault(fault: Says['fault']): string {
  switch (fault?.kind) {
    case 'ended': return 'is taken no longer.';
    case 'not_yet': return `holds from ${dateTime(fault.from)}.`;
    case 'expired': return `has expired (it held until ${dateTime(fault.until)}).`;
    case 'redeemed': return fault.receipt ? `was taken already (receipt ${fault.receipt.till}-${fault.receipt.number}).` : 'is on an open receipt already.';
    case 'no_serial': return 'holds only with the serial number on its paper: please scan the whole code.';
    case 'enough': return fault.per_receipt === 1 ? 'holds once per receipt.' : `holds at most ${count(fault.per_receipt)} times per receipt.`;
    case 'minimum': return `holds for purchases of ${money(fault.minimum)} and more.`;
    default: return 'fits no goods on the receipt. Please scan the goods first.';
  }
}

export const refusals: typeof german.refusals = {
  out_of_limits: (s) => `${field(s.field)}: this value is too small or too large. Nothing was changed, please enter it again.`,
  bad_text: (s) => `${field(s.field)}: please enter a short text without special characters. Nothing was changed.`,
  wrong_currency: () => 'The amount is in another currency than the shop’s. Nothing was booked.',
  command_id_reused: () => 'This was sent twice and booked once. Please look at the receipt.',
  not_configured: () => 'The shop is not set up yet. Please finish the setup in the office.',
  bad_settings: (s) => `These settings do not fit together (${s.problem ?? '?'}). What was saved before still holds.`,
  not_in_country: () => 'There is no such thing in this shop’s country.',
  unknown_till: () => 'There is no such till. Please choose a till.',
  not_signed_in: () => 'Nobody is signed in here. The receipt is saved; please sign in with your PIN.',
  not_permitted: (s) => `The right “${right(s)}” is missing. A second person can approve it.`,
  limit_exceeded: (s) => `This exceeds the limit of the right “${right(s)}”. A second person can approve it.`,
  approval_refused: () => 'This person cannot approve it. Please call another person who has the right.',
  day_not_open: () => 'The till day is not open yet. Please enter the float first.',
  day_already_open: () => 'The till day is open already. You can sell.',
  no_basket: () => 'There is no open receipt. Just scan and one begins.',
  unknown_basket: () => 'This receipt is not here any more; another till may have taken it.',
  basket_not_empty: () => 'There is something on the receipt. Please park, abort or pay it first.',
  basket_empty: () => 'The receipt is empty. Please scan something first.',
  already_paying: () => 'Something has been paid on this receipt. To change it, take the payment back first.',
  nothing_paid: () => 'Nothing has been paid on this receipt yet.',
  no_benefit: () => 'Nobody who works here can take this line: no vouchers, tips, returns, empties, payments of what is owed, or goods of others. Please void the line or have the receipt paid.',
  open_baskets: () => 'There are open receipts at this till. Please pay, park or abort them first.',
  unknown_line: () => 'This line does not exist any more. The receipt is unchanged.',
  line_fixed: () => 'This line cannot be changed so (deposit, label or return). If need be, void it and add it again.',
  unknown_code: (s) => `The code ${s.scanned ?? ''} is not in the catalogue. You can sell the goods all the same: enter group and price.`,
  check_digit: (s) => `The code ${s.scanned ?? ''} was misread (check digit). Nothing was booked, please scan again.`,
  no_code: () => 'That was no barcode. Nothing was booked, please scan again.',
  card_data: () => 'That was payment card data. It was dropped and not stored.',
  card_number: (s) => `${field(s.field)}: this is the number of a payment card. It was not kept; card numbers belong in no text.`,
  unknown_item: () => 'There is no such item. Nothing was booked.',
  item_retired: (s) => `“${s.name ?? 'The item'}” is out of sale. Nothing was booked; a manager can bring it back in the office.`,
  price_needed: (s) => `“${s.name ?? 'The item'}” needs a price. Please enter it.`,
  no_price: (s) => `“${s.name ?? 'The item'}” has no price today. You can sell it under its group with a price.`,
  weight_needed: (s) => `“${s.name ?? 'The item'}” is sold by weight. Please enter the weight.`,
  expired: (s) => `“${s.name ?? 'The item'}” ${s.on ? `was to be used by ${date(s.on)}` : 'has expired'} and must not be sold. Nothing was booked; please take it off the shelf.`,
  recalled: (s) => `“${s.name ?? 'The item'}”, batch ${s.batch ?? ''}, has been recalled since ${s.dated ? date(s.dated) : ''}: ${s.reason ?? ''}. It must not be sold; nothing was booked.`,
  unknown_recall: () => 'There is no such recall.',
  coupon: (s) => `This is ${coupons[s.kind ?? ''] ?? 'a coupon'} (${s.scanned ?? ''}) that is not set up here. Nothing was booked.`,
  whole_pieces: () => 'Pieces are sold whole. Please enter a whole number.',
  no_rate: () => 'This tax key has no rate today. Nothing was booked; please call a manager.',
  not_discountable: () => 'No discount is possible on this (bound price or deposit). The price stays as it is.',
  discount_too_high: () => 'The discount is more than the price. Nothing was changed, please enter less.',
  age_not_checked: (s) => `There are goods from age ${s.age ?? 18} on the receipt. Please check the age first.`,
  unknown_receipt: () => 'There is no such receipt. Please compare till and number on the paper.',
  nothing_left_to_return: (s) => (s.left ? `Only ${quantity(s.left)} of it can still be returned.` : 'All of it has been returned already.'),
  training_mix: () => 'Training receipts and real ones do not mix. Nothing was booked.',
  bad_tender: () => 'The amount given does not fit. Nothing was booked, please enter it again.',
  tip_with_return: () => 'A tip is not given out of what the customer gets back. Void the tip’s line.',
  no_tips: () => 'The shop takes no tips. They can be switched on in the office under “Settings”.',
  more_than_due: () => 'That is more than is due. Only cash gives change: cards, vouchers and transfers pay exactly what is due, or a part of it. Nothing was booked.',
  voucher_holds_less: () => 'Less than that is left on the voucher. Nothing was booked; please enter what is left at most.',
  rksv_not_set: () => 'The RKSV is not set up (Settings, RKSV).',
  rksv_not_started: () => 'This till has no start receipt yet.',
  rksv_closed: () => 'This till has its closing receipt: nothing follows.',
  rksv_by_itself: () => 'This receipt is made by itself when it is due.',
  not_to_be_signed: () => 'There is nothing to sign here. Nothing was changed.',
  no_bank_account: () => 'This shop takes no transfers: no bank account is set in the office, or it does not count in euro. Nothing was booked.',
  transfer_waiting: () => 'This receipt waits for a transfer. Please wait, give it up or confirm it by hand; the next customer gets a new receipt.',
  unknown_transfer: () => 'This transfer is no longer waited for. Please look at the receipt.',
  not_given_back: () => 'Money is not given back this way. Please pay out in cash of the shop’s currency, to the card, or as a voucher.',
  unknown_bank_message: () => 'There is no such message of the bank, or it has been dealt with.',
  foreign_cash_not_taken: (s) => `${s.currency ?? 'This currency'} is not taken here, or has no rate today. Nothing was booked.`,
  foreign_coins: (s) => `Of ${s.currency ?? 'this currency'} only whole notes are taken${s.smallest ? `, from ${money({ amount: s.smallest, currency: s.currency ?? 'EUR' })}` : ''}. Nothing was booked.`,
  foreign_not_counted: (s) => `There is ${s.currency ?? 'foreign cash'} in the drawer too. Please count it as well.`,
  no_terminal: () => 'No card terminal is set up at this till. Nothing was booked; cash works.',
  no_cash_machine: () => 'No cash machine stands beside this till. Please take the cash by hand.',
  cash_machine_busy: () => 'The cash machine is still busy with something else. Nothing was booked; please wait or take the cash by hand.',
  cash_machine_in_doubt: () => 'It is uncertain what the cash machine did last. Nothing was booked; please settle that first or take the cash by hand.',
  terminal_busy: () => 'The terminal is busy with another payment. Nothing was booked; please wait or take cash.',
  cannot_reserve: () => 'This terminal cannot reserve amounts. Nothing was booked.',
  unknown_reservation: () => 'This reservation is no longer open: it was booked, released or struck off.',
  more_than_reserved: () => 'Less than that is reserved. Nothing was booked; please take the rest another way.',
  terminal_closing: () => 'The terminal is closing its day, or it is unknown whether it has. Please wait a moment or take cash; the office shows it under “Payments”.',
  unknown_closing: () => 'There is no such closing, or it is past that. Please reload the page.',
  signature_not_compared: () => 'Compare the signature with the card first.',
  terminal_in_doubt: () => 'It is uncertain whether another payment at this terminal charged the card. Nothing was booked; please settle that first or take cash.',
  terminal_stopped: (s) => `Card payment at this terminal is stopped: ${why(s.changed, s.findings)} Nothing was booked. Cash and other terminals go on; a supervisor can release it in the office.`,
  signature_differs: () => 'The signature differs, but the terminal cannot take the payment back just now. That is on record. Keep the goods and try again in a moment.',
  unknown_terminal: () => 'There is no such terminal.',
  terminal_not_registered: () => 'This terminal is not in the register yet. Please take it over in the office first.',
  attempt_running: () => 'A payment is still running at the terminal, or is in doubt. Please wait until it is known what became of it.',
  unknown_attempt: () => 'This payment is not running any more, or is settled already. Please look at the receipt.',
  payment_in_doubt: () => 'It is uncertain whether a payment of this till charged the card. Please settle it first, or close with a reason in spite of it.',
  drawer_too_low: () => 'There is not that much cash in the drawer. Nothing was booked.',
  not_counted: () => 'The drawer must be counted before closing.',
  taken: (s) => `${field(s.field)} “${s.value ?? ''}” is taken already. Please choose another.`,
  unknown_person: () => 'There is no such person, or they may not sign in.',
  last_manager: () => 'One manager must remain. Please make another person a manager first.',
  person_active: () => 'This person may still sign in. Please bar them first.',
  bad_deposit: () => 'This deposit item does not fit: it must exist and have no deposit of its own.',
  coupon_not_taken: (s) => `The coupon “${s.name ?? ''}” ${couponFault(s.fault)}`,
  slip_redeemed: (s) => `This deposit slip has been paid out already${s.receipt ? ` (receipt ${s.receipt.till}-${s.receipt.number})` : ', or is on an open receipt'}. Please do not pay it out again.`,
  voucher_typo: () => 'The voucher code is mistyped or misread: the check at its end does not fit. Please enter it again.',
  unknown_voucher: () => 'There is no such voucher here.',
  too_many_voucher_tries: (s) => `Too many unknown voucher codes. Vouchers are looked up again in ${s.seconds ?? 60} seconds; nothing was booked.`,
  voucher_blocked: (s) => `Voucher ${s.voucher ?? ''} is blocked. Please ask a supervisor; nothing was booked.`,
  voucher_expired: (s) => `The voucher expired on ${s.on ? date(s.on) : ''}. With the right for it, it can be taken all the same.`,
  voucher_empty: () => 'Nothing is left on this voucher.',
  voucher_in_use: () => 'This voucher is on an open receipt already. Please undo the payment there first, or finish it.',
  voucher_does_not_fit: () => 'The single-purpose voucher is not (or not that much) for these goods. Please void its line and scan it again.',
  voucher_used: () => 'This voucher has been used: its sale cannot be returned any more.',
  voucher_whole_receipt: () => 'A single-purpose voucher paid these goods. Please return the whole receipt.',
  stale: () => 'Somebody else has changed this meanwhile. Please load it again and repeat the change.',
  unknown_customer: () => 'There is no such customer (any more).',
  customer_blocked: (s) => `Customer ${s.customer ?? ''} is blocked and buys nothing on account. Nothing was booked.`,
  other_customer: () => 'This receipt is in part on another customer’s account already. A receipt belongs on one account.',
  not_on_account: () => 'Vouchers, payments of invoices, what is sold for others (agency) and money paid out do not go on account. Please take them apart.',
  more_than_owed: () => 'That much is not owed (any more). With the right for it the rest becomes credit.',
  no_credit: () => 'There is not that much credit.',
  not_open: () => 'This receipt is not open on the account.',
  account_not_settled: () => 'The account is not settled: a customer can be forgotten once nothing is owed and no credit is left.',
  already_invoiced: () => 'The receipt is on a customer’s account and so has its invoice.',
  sold_for_others: () => 'Something on the receipt was sold for others (agency). There is no invoice of your own for it: it is made by those it was sold for.',
  nothing_to_invoice: () => 'Nothing on this receipt can be invoiced.',
  audit_running: () => 'An audit is open already.',
  no_audit: () => 'No audit is open, or its time is over.',
  must_be_kept: (r) => `This has to be kept until ${r.until ? date(r.until) : ''}.`,
  import_running: () => 'An import is running already. Please wait or cancel it.',
  unknown_import: () => 'This import does not exist any more.',
};

export const problems: typeof german.problems = {
  wrong_secret: 'The PIN is wrong. Please enter it again.',
  locked: 'Entered wrongly too often. Please wait some minutes, or a manager sets a new PIN.',
  wrong_approval: 'This approval is not right. Nothing was booked; please enter person and PIN again.',
  not_permitted: 'The right for this is missing. Nothing was changed.',
  other_till: 'This device is signed in at another till. Please sign in here.',
  not_stored: 'The machine could not save anything. Nothing was booked; please call a manager.',
  bad_field: 'An entry does not fit. Nothing was booked, please enter it again.',
  no_answer: 'No answer from the till. Nobody knows yet whether it was booked; Tresen is asking.',
  given_up: 'Still no answer. Sending it again books nothing twice.',
  too_many_streams: 'Too many pages show the same. Please close one of them.',
  not_found: 'This does not exist (any more).',
  bad_mail: 'This is no mail address. Please enter it without spaces and with one @.',
  bad_phone: 'This is no telephone number. For example 0170 1234567 or +43 660 1234567.',
  mail_not_set_up: 'No mail server is set up (office, Settings, Digital receipts).',
  sms_not_set_up: 'No SMS provider is set up (office, Settings, Digital receipts).',
  page_not_set_up: 'Receipt pages are not switched on (office, Settings, Digital receipts).',
  sms_needs_page: 'A text message leads to the receipt page; receipt pages are not switched on.',
  too_many_messages: 'This receipt was sent often enough already.',
  receiver_forgotten: 'It is not known any more to whom. Please send it anew at the till or with the receipt.',
  message_waiting: 'The message still waits to be sent.',
  other: (code) => `That did not work (${code}). Nothing was booked.`,
  waiting: (n) => `${count(n)} waiting`,
};

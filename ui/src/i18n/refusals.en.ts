import { count, quantity } from '../kit/format';
import type * as german from './refusals.de';
import type { Says } from './refusals.de';
import type { Permission } from '../api/types';

const right = (s: Says): string => (s.permission ? s.permissions[s.permission as Permission] : s.permissions.signed_in);

const fields: Record<string, string> = {
  quantity: 'Quantity', price: 'Price', amount: 'Amount', reason: 'Reason', text: 'Text', name: 'Name', code: 'Code',
  number: 'Number', float: 'Float', discount: 'Discount', tendered: 'Amount given', codes: 'Barcode',
  lines: 'Number of lines', pieces: 'Number of pieces',
};
const field = (name: string | undefined): string => (name ? (fields[name] ?? name) : 'Entry');

export const refusals: typeof german.refusals = {
  out_of_limits: (s) => `${field(s.field)}: this value is too small or too large. Nothing was changed, please enter it again.`,
  bad_text: (s) => `${field(s.field)}: please enter a short text without special characters. Nothing was changed.`,
  wrong_currency: () => 'The amount is in another currency than the shop’s. Nothing was booked.',
  command_id_reused: () => 'This was sent twice and booked once. Please look at the receipt.',
  not_configured: () => 'The shop is not set up yet. Please finish the setup in the office.',
  bad_settings: (s) => `These settings do not fit together (${s.problem ?? '?'}). What was saved before still holds.`,
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
  open_baskets: () => 'There are open receipts at this till. Please pay, park or abort them first.',
  unknown_line: () => 'This line does not exist any more. The receipt is unchanged.',
  line_fixed: () => 'This line cannot be changed so (deposit, label or return). If need be, void it and add it again.',
  unknown_code: (s) => `The code ${s.scanned ?? ''} is not in the catalogue. You can sell the goods all the same: enter group and price.`,
  check_digit: (s) => `The code ${s.scanned ?? ''} was misread (check digit). Nothing was booked, please scan again.`,
  no_code: () => 'That was no barcode. Nothing was booked, please scan again.',
  card_data: () => 'That was payment card data. It was dropped and not stored.',
  unknown_item: () => 'There is no such item. Nothing was booked.',
  item_retired: (s) => `“${s.name ?? 'The item'}” is out of sale. Nothing was booked; a manager can bring it back in the office.`,
  price_needed: (s) => `“${s.name ?? 'The item'}” needs a price. Please enter it.`,
  no_price: (s) => `“${s.name ?? 'The item'}” has no price today. You can sell it under its group with a price.`,
  weight_needed: (s) => `“${s.name ?? 'The item'}” is sold by weight. Please enter the weight.`,
  expired: (s) => `“${s.name ?? 'The item'}” has expired and must not be sold. Nothing was booked.`,
  whole_pieces: () => 'Pieces are sold whole. Please enter a whole number.',
  no_rate: () => 'This tax key has no rate today. Nothing was booked; please call a manager.',
  not_discountable: () => 'No discount is possible on this (bound price or deposit). The price stays as it is.',
  discount_too_high: () => 'The discount is more than the price. Nothing was changed, please enter less.',
  age_not_checked: (s) => `There are goods from age ${s.age ?? 18} on the receipt. Please check the age first.`,
  unknown_receipt: () => 'There is no such receipt. Please compare till and number on the paper.',
  nothing_left_to_return: (s) => (s.left ? `Only ${quantity(s.left)} of it can still be returned.` : 'All of it has been returned already.'),
  training_mix: () => 'Training receipts and real ones do not mix. Nothing was booked.',
  bad_tender: () => 'The amount given does not fit. Nothing was booked, please enter it again.',
  drawer_too_low: () => 'There is not that much cash in the drawer. Nothing was booked.',
  not_counted: () => 'The drawer must be counted before closing.',
  taken: (s) => `${field(s.field)} “${s.value ?? ''}” is taken already. Please choose another.`,
  unknown_person: () => 'There is no such person, or they may not sign in.',
  last_manager: () => 'One manager must remain. Please make another person a manager first.',
  person_active: () => 'This person may still sign in. Please bar them first.',
  bad_deposit: () => 'This deposit item does not fit: it must exist and have no deposit of its own.',
  slip_redeemed: (s) => `This deposit slip has been paid out already${s.receipt ? ` (receipt ${s.receipt.till}-${s.receipt.number})` : ', or is on an open receipt'}. Please do not pay it out again.`,
  stale: () => 'Somebody else has changed this meanwhile. Please load it again and repeat the change.',
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
  other: (code) => `That did not work (${code}). Nothing was booked.`,
  waiting: (n) => `${count(n)} waiting`,
};

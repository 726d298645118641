/** Card payments in words. Codes are stable and come from the shop; a code that is not known here gets a neutral sentence. */
import { catalogue } from '../i18n/language.svelte';
import type { Amount, DoubtView, PaymentView } from '../api/types';
import { money } from '../kit/format';
import { payments as de } from './texts.de';
import { payments as en } from './texts.en';

export const payments = catalogue(de, en);

export type Purpose = 'payment' | 'refund' | 'reversal' | 'reservation' | 'release' | 'cash' | 'collection';
const others: readonly string[] = ['refund', 'reversal', 'reservation', 'release', 'cash', 'collection'];
/** What an attempt is for; the booking of a reservation charges the card as a payment does, and what a later program adds is read as one. */
export const purposeOf = (purpose: string): Purpose => (others.includes(purpose) ? (purpose as Purpose) : 'payment');
/** The same as a word in a list. */
export const purposeWord = (purpose: string): string => (purpose === 'booking' ? payments().booking : payments().purposes[purposeOf(purpose)]);

const known = <T extends object>(texts: T, code: string): code is Extract<keyof T, string> => Object.hasOwn(texts, code);

/** What the terminal is at. An unknown code leaves the word to the terminal itself. */
export function progressText(code: string, text: string | null): string {
  const says = payments().progress;
  if (known(says, code) && !(text && (code === 'unknown' || code === 'see_text'))) return says[code];
  return text ?? says.unknown;
}

/** Why no money moved. */
export function endedText(code: string, text: string | null = null): string {
  const says = payments().ended;
  if (known(says, code) && !(text && code === 'unknown')) return says[code];
  return text ? payments().terminalSays(text) : says.unknown;
}

/** The terminal's own words, where they say more than the sentence does. */
export const ownWords = (shown: string, text: string | null): string | null => (text && !shown.includes(text) ? text : null);

export type Advice = keyof (typeof de)['advice'];
const advices: Record<Exclude<Advice, 'again'>, readonly string[]> = {
  card: [
    'card_blocked', 'credit_insufficient', 'card_expired', 'card_not_yet_valid', 'card_unknown', 'card_not_in_whitelist', 'not_for_debit_cards', 'not_for_credit_cards',
    'not_for_bank_cards', 'card_code_forbidden', 'restriction_code_forbidden', 'payment_method_unsupported', 'declined_by_host', 'fallback_impossible', 'fallback_impossible_girocard',
    'card_profile_invalid', 'card_data_wrong', 'card_data_missing', 'pin_algorithm_unknown', 'amount_too_high', 'amount_too_small', 'fallback_only_girocard',
  ],
  terminal: [
    'unreachable', 'busy', 'no_answer', 'silence', 'not_ready', 'closed', 'communication_error', 'no_connection', 'remote_silent', 'dial_error', 'receiver_not_ready', 'printer_not_ready',
    'card_inserted', 'card_eject_error', 'card_insert_error', 'card_reader_silent', 'shutter_closed', 'voltage_low', 'out_of_order', 'remote_maintenance', 'diagnosis_required', 'system_error',
  ],
  end_of_day: ['end_of_day_open', 'journal_full', 'memory_full', 'turnover_file_full', 'end_of_day_impossible'],
  help: [
    'not_registered', 'wrong_password', 'wrong_key', 'wrong_currency', 'other_terminal', 'terminal_stopped', 'terminal_silent', 'bad_certificate', 'bad_settings', 'not_stored', 'initialisation_required', 'activation_required', 'key_missing', 'dukpt_exhausted', 'pin_pad_defective',
    'card_lock_defective', 'merchant_card_locked', 'currency_unsupported', 'only_in_euro', 'limit_too_small', 'opt_error', 'opt_data_missing', 'opt_transmission_error', 'turnover_record_defective',
    'device_missing', 'baud_rate_unsupported', 'register_unknown', 'goods_groups_missing', 'goods_group_unknown', 'bad_amount', 'bad_reference', 'bad_settings', 'no_reference', 'protocol_error', 'text_not_authentic', 'forbidden_by_pci',
  ],
};
export function adviceOf(code: string): Advice {
  for (const [advice, codes] of Object.entries(advices)) if (codes.includes(code)) return advice as Advice;
  return 'again';
}

/** Whether a cash machine is asked, and not a card terminal. */
export const byMachine = (purpose: string): boolean => purpose === 'cash' || purpose === 'collection';
/** What to do when a cash machine did not do it. */
export const machineAdvice = (purpose: string): string => payments().adviceMachine[purpose === 'collection' ? 'collection' : 'cash'];

/** What to do when no money moved. */
export const adviceText = (code: string, refund: boolean): string => (refund ? payments().adviceRefund : payments().advice)[adviceOf(code)];

/** Why nobody knows whether money moved; where the amount is the doubt, with both. */
export function doubtText(doubt: { code: string; purpose?: string; amount: Amount | null; booked: Amount | null }): string {
  const says = byMachine(doubt.purpose ?? '') ? { ...payments().doubt, ...payments().doubtMachine } : payments().doubt;
  const sentence = known(says, doubt.code) ? says[doubt.code] : says.unknown;
  const amounts = doubt.amount && doubt.booked ? ` ${payments().amounts(money(doubt.amount), money(doubt.booked))}` : '';
  return sentence + amounts;
}

/** A terminal's lamp in a few words, and in a sentence that says what to do. */
export function lampText(code: string): { short: string; help: string } {
  const { short, help } = payments().lamp;
  return known(short, code) ? { short: short[code], help: help[code] } : { short: short.unknown, help: help.unknown };
}

/** What a change of the till's view means to whoever stands there. */
export type Turn = 'started' | 'paid' | 'part' | 'not_charged' | 'doubt' | 'settled' | null;
interface Seen {
  payment: PaymentView | null;
  doubts: DoubtView[];
  /** The present basket, and how many tenders it has. */
  basket: { id: number; tenders: readonly unknown[] } | null;
  /** All that are open at this till. */
  baskets: readonly { id: number }[];
  last_receipt: unknown;
}
export function turn(before: Seen | null, now: Seen): Turn {
  const was = before?.payment ?? null;
  const is = now.payment;
  const live = was?.truth === 'running' || was?.truth === 'unknown';
  if (is?.truth === 'running') return was?.truth === 'running' && was.attempt === is.attempt ? null : 'started';
  if (is?.truth === 'unknown') return was?.truth === 'unknown' && was.attempt === is.attempt ? null : 'doubt';
  // Without a basket's payment before, what is there now is what was there when the page was opened.
  if (!before) return null;
  if (is?.truth === 'not_charged') return was?.attempt === is.attempt && live ? 'not_charged' : null;
  const id = before.basket?.id;
  if (live && now.last_receipt && !now.baskets.some((basket) => basket.id === id)) return 'paid';
  if (live && now.basket && now.basket.id === id && now.basket.tenders.length > (before.basket?.tenders.length ?? 0)) return 'part';
  // Somewhere at this till a doubt has gone: the shop or a person knows now.
  const left = new Set(now.doubts.map((doubt) => doubt.attempt));
  return before.doubts.some((doubt) => !left.has(doubt.attempt)) ? 'settled' : null;
}

/** Every code that a terminal can bring into a view, for the tests: `codes.test.ts` holds the list against the sources in Rust. */

/** Results of a ZVT terminal (crates/zvt/src/codes.rs): why it was declined. */
export const RESULTS = [
  'wrong_pin', 'declined_by_host', 'unknown', 'approved', 'card_unreadable', 'card_data_missing', 'processing_error', 'not_for_debit_cards',
  'not_for_credit_cards', 'turnover_file_full', 'not_registered', 'cancelled', 'card_blocked', 'wrong_currency', 'credit_insufficient', 'chip_error',
  'card_data_wrong', 'dukpt_exhausted', 'text_not_authentic', 'card_not_in_whitelist', 'end_of_day_impossible', 'card_expired', 'card_not_yet_valid',
  'card_unknown', 'fallback_impossible_girocard', 'fallback_impossible', 'communication_error', 'fallback_only_girocard', 'initialisation_required',
  'function_impossible', 'key_missing', 'pin_pad_defective', 'protocol_error', 'dial_error', 'busy', 'receiver_not_ready', 'remote_silent',
  'no_connection', 'geldkarte_submission_impossible', 'forbidden_by_pci', 'memory_full', 'journal_full', 'already_reversed', 'reversal_impossible',
  'preauth_amount_wrong', 'preauth_error', 'voltage_low', 'card_lock_defective', 'merchant_card_locked', 'diagnosis_required', 'amount_too_high',
  'card_profile_invalid', 'payment_method_unsupported', 'currency_unsupported', 'amount_too_small', 'limit_too_small', 'only_in_euro',
  'printer_not_ready', 'cashback_impossible', 'not_for_bank_cards', 'card_inserted', 'card_eject_error', 'card_insert_error', 'out_of_order',
  'remote_maintenance', 'card_reader_silent', 'shutter_closed', 'activation_required', 'goods_group_unknown', 'goods_groups_missing',
  'restriction_code_forbidden', 'card_code_forbidden', 'pin_algorithm_unknown', 'pin_impossible', 'pin_pad_error', 'end_of_day_open',
  'debit_offline_error', 'opt_error', 'opt_data_missing', 'opt_transmission_error', 'turnover_record_defective', 'device_missing',
  'baud_rate_unsupported', 'register_unknown', 'system_error',
];

/** Intermediate statuses of a ZVT terminal (the same file): what it is at. */
export const STATUSES = [
  'aborted', 'approved', 'auto_diagnosis', 'auto_end_of_day', 'auto_initialisation', 'auto_reversal', 'choose_application', 'choose_currency',
  'choose_dcc', 'choose_language', 'connected', 'declined', 'dialling', 'emergency', 'insert_card', 'journal_full', 'pin_tries_exceeded',
  'please_wait', 'post_bookings', 'remove_card', 'see_pin_pad', 'see_text', 'selection', 'service', 'unknown', 'wait_for_amount', 'wait_for_cashier',
  'wait_for_host', 'wrong_pin',
];

/** What the driver and the shop say beside them (crates/payment, crates/shop/src/view/payment.rs). */
export const STEPS = [
  'starting', 'waiting', 'approved', 'connecting', 'finding_out', 'choose_tip',
  'machine_starting', 'insert_cash', 'dispensing', 'take_cash', 'giving_back', 'collecting',
];

/** Why a payment was given up before money moved (crates/payment/src/driver.rs, crates/payment/src/zvt, crates/payment/src/adyen, crates/payment/src/sumup, crates/shop/src/pay). */
export const CANCELLED = [
  'customer', 'cashier', 'unreachable', 'not_stored', 'not_booked', 'busy', 'not_registered', 'wrong_password', 'wrong_key', 'wrong_currency', 'other_terminal', 'closed', 'no_answer', 'silence', 'not_ready',
  'bad_amount', 'bad_reference', 'bad_certificate', 'bad_settings', 'no_reference', 'terminal_stopped', 'terminal_silent', 'interrupted',
];

/** Why a cash machine did not do what it was asked (crates/shop/src/pay/machine.rs). */
export const MACHINE = [
  'cashier', 'interrupted', 'machine_customer', 'machine_gave_back', 'machine_unreachable', 'machine_busy', 'machine_fault', 'machine_password', 'machine_certificate', 'machine_protocol', 'machine_refused',
  'machine_not_stored', 'machine_not_ready', 'machine_doubt', 'change_short', 'sum_changed',
];

/** Lamps of a terminal. */
export const LAMPS = ['ok', 'none', 'unreachable', 'busy', 'error', 'not_ready', 'doubt', 'stopped', 'inspection_overdue'];

import type * as german from './words.de';

export const units: typeof german.units = { piece: 'piece', kilogram: 'kg', litre: 'l', metre: 'm' };
export const roles: typeof german.roles = { cashier: 'Cashier', supervisor: 'Supervisor', manager: 'Manager', auditor: 'Auditor' };
export const permissions: typeof german.permissions = {
  sell: 'Sell', void_line: 'Void a line', abort_basket: 'Abort a receipt', give_benefits: 'Take goods without paying', discount: 'Give a discount',
  override_price: 'Change a price', return_with_receipt: 'Return with receipt',
  return_without_receipt: 'Return without receipt', pay_out_deposit: 'Pay out deposits', choose_refund: 'Refund another way than paid', open_day: 'Open the till day', close_day: 'Close the till day',
  resolve_payments: 'Settle payments in doubt',
  move_cash: 'Pay in and pay out', drop_cash: 'Cash drop', no_sale: 'Open the drawer without a sale',
  see_totals: 'See totals', training: 'Training mode', see_receipts: 'Look up receipts',
  see_reports: 'See reports', see_items: 'See items', manage_items: 'Manage items',
  manage_stock: 'Book stock', manage_vouchers: 'Block vouchers, take expired ones',
  sell_on_account: 'Sell on account', exceed_credit: 'Exceed a credit limit', manage_customers: 'Manage customers', record_account_payments: 'Record payments, take more than is owed',
  manage_terminals: 'Register, inspect and release card terminals', manage_settings: 'Change settings', manage_people: 'Manage people',
  manage_record: 'Verify and back up the journal', see_audit: 'Auditor’s view', public: 'Open to everybody', signed_in: 'Being signed in',
};
export const words: typeof german.words = {
  ok: 'OK', cancel: 'Cancel', close: 'Close', back: 'Back', save: 'Save', delete_digit: 'Delete digit',
  clear: 'Clear', yes: 'Yes', no: 'No', language: 'Language', german: 'Deutsch', english: 'English',
  appearance: 'Appearance', auto: 'like the device', light: 'light', dark: 'dark', loading: 'One moment …',
  till: (n) => `Till ${n}`,
};

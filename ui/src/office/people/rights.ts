/**
 * How far each right goes for each role, for people to read. The shop decides by the same table in
 * crates/domain/src/people.rs; `rights.test.ts` holds this one against it. Managers may do everything.
 */
import type { Permission } from '../lib/types';

/** `true`, `false`, hundredths of a percent, or an amount in minor units. */
export type Reach = boolean | { percent: number } | { amount: number };

export const RIGHTS: { right: Permission & string; cashier: Reach; supervisor: Reach }[] = [
  { right: 'sell', cashier: true, supervisor: true },
  { right: 'void_line', cashier: true, supervisor: true },
  { right: 'abort_basket', cashier: true, supervisor: true },
  { right: 'give_benefits', cashier: false, supervisor: true },
  { right: 'discount', cashier: { percent: 1_000 }, supervisor: { percent: 3_000 } },
  { right: 'override_price', cashier: false, supervisor: { percent: 5_000 } },
  { right: 'return_with_receipt', cashier: { amount: 5_000 }, supervisor: true },
  { right: 'return_without_receipt', cashier: false, supervisor: { amount: 10_000 } },
  { right: 'pay_out_deposit', cashier: { amount: 2_500 }, supervisor: { amount: 10_000 } },
  { right: 'choose_refund', cashier: false, supervisor: true },
  { right: 'open_day', cashier: true, supervisor: true },
  { right: 'close_day', cashier: true, supervisor: true },
  { right: 'resolve_payments', cashier: false, supervisor: true },
  { right: 'move_cash', cashier: { amount: 2_000 }, supervisor: true },
  { right: 'drop_cash', cashier: true, supervisor: true },
  { right: 'no_sale', cashier: false, supervisor: true },
  { right: 'see_totals', cashier: false, supervisor: true },
  { right: 'training', cashier: false, supervisor: true },
  { right: 'see_receipts', cashier: true, supervisor: true },
  { right: 'see_reports', cashier: false, supervisor: true },
  { right: 'see_items', cashier: true, supervisor: true },
  { right: 'manage_items', cashier: false, supervisor: true },
  { right: 'manage_stock', cashier: false, supervisor: true },
  { right: 'manage_vouchers', cashier: false, supervisor: true },
  { right: 'sell_on_account', cashier: true, supervisor: true },
  { right: 'exceed_credit', cashier: false, supervisor: true },
  { right: 'manage_customers', cashier: false, supervisor: true },
  { right: 'record_account_payments', cashier: false, supervisor: true },
  { right: 'manage_terminals', cashier: false, supervisor: true },
  { right: 'manage_settings', cashier: false, supervisor: false },
  { right: 'manage_people', cashier: false, supervisor: false },
  { right: 'manage_record', cashier: false, supervisor: false },
  { right: 'see_audit', cashier: false, supervisor: false },
];

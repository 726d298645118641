/** Texts of customers' accounts at the till, in English. */
import type { account as de } from './account.de';

export const account: typeof de = {
  buy: 'On account', settle: 'Pay an invoice', credit_goods: 'Credit to an account', who: 'Customer: name or number', look: 'Search', nobody: 'No customer found. Customers are added in the office.',
  number: (n) => `No. ${n}`, owed: 'Owed', credit: 'Credit', available: 'Still available', no_limit: 'without limit', term: (days) => `due after ${days} days`, blocked: 'blocked', other: 'Another customer',
  go: 'Put on account', back: 'Credit', all: 'Leave it empty for all that is due.', oldest: 'Oldest first', due: (day) => `due ${day}`, overdue: (days) => (days === 1 ? '1 day overdue' : `${days} days overdue`),
  which: 'What is paid?', all_owed: 'Leave it empty for all that is owed.', all_left: 'Leave it empty for the whole receipt.', settle_go: 'Onto the receipt', more: 'More than is owed: the rest becomes credit', nothing: 'Nothing is owed.', pay_out: (amount) => `Pay out the credit: ${amount}`,
  paid: 'On account', credited: 'Credited to the account', until: (day) => `due ${day}`, payments: 'Payments to accounts (no turnover)', invoice: 'Open the invoice',
};

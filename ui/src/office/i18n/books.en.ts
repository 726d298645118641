/** Texts of the books, in English. */
import type { bookTexts as de } from './books.de';

export const bookTexts: typeof de = {
  nav: 'Cash book',
  datev: {
    title: 'Postings for DATEV',
    lead: 'Closed till days as a batch of postings (EXTF) for the tax adviser. Every sum is that of the closing.',
    from: 'From', to: 'To',
    make: 'Export the postings', making: 'Folding the journal', done: 'Written:',
    hint: 'Accounts and the adviser’s and client’s numbers are in the settings under “Books”.', settings: 'To the accounts',
  },
  book: {
    title: 'Cash book', lead: 'What happened in cash, by till and month. A till day is in the book once it is closed.',
    till: 'Till', month: 'Month', print: 'View for printing', csv: 'As a table', datev: 'For DATEV Kassenbuch online',
    date: 'Date', number: 'Z no.', what: 'What', in: 'In', out: 'Out', balance: 'Balance',
    opening: 'Opening balance', closing: 'Closing balance', none: 'No till day of this month is closed.',
    negative: 'The balance is below zero somewhere. More money than there is cannot be taken out: something that came in is missing, or something that went out stands too early in the book.',
    kinds: {
      float: 'Another float than was counted', sales: 'Cash takings', refunds: 'Cash paid out', foreign_change: 'Change for foreign cash',
      paid_in: 'Paid in', paid_out: 'Paid out', drop: 'To safe or bank', difference: 'Difference',
    },
  },
  settings: {
    section: 'Books',
    contact: 'Contact for invoices', contactLead: 'Stands on electronic invoices; an XRechnung demands it.',
    name: 'Department or function', nameHint: 'A function, no name: it stays in the journal.', phone: 'Telephone', phoneHint: 'No private number: it stays in the journal.', mail: 'E-mail', mailHint: 'No personal address: it stays in the journal.',
    datev: 'DATEV', datevLead: 'The tax adviser knows these. Leave them empty when nothing goes to DATEV.',
    adviser: 'Adviser’s number', client: 'Client’s number', year: 'A business year begins on', digits: 'Digits of accounts', chart: 'Chart of accounts',
    fixed: 'Fix the postings: the adviser cannot change them any more',
    accounts: 'Accounts', accountsLead: 'The chart’s own accounts hold until another one stands here. Where the chart has none, the adviser must name one.',
    purpose: 'What', account: 'Account', standard: (number: number) => `else ${number}`, noStandard: 'missing', key: 'Tax key (BU)',
    keyHint: 'Only for accounts that do not know their tax themselves.',
    reasons: 'Accounts for reasons and agencies', reasonsLead: 'Cash movements with exactly this reason, and what was sold for an agency of exactly this name, go to an account of their own.', reason: 'Reason or name', direction: 'Direction', add: 'Add a reason', remove: 'Remove',
    number: 'Digits only, at most as many as accounts have.',
    purposes: {
      cash: 'Cash', sales: 'Takings', agency: 'Sold for others (agency)', vouchers: 'Multi-purpose vouchers', card: 'Card payments', transfer: 'Transfers', receivables: 'Sold on account, and paid',
      foreign_cash: 'Foreign cash', transit: 'Cash in transit', paid_in: 'Paid in', paid_out: 'Paid out', difference: 'Differences', tips: 'Tips of the staff', rounding: 'Cash rounding',
    },
    sales: (key: string, rate: string) => `Takings, tax key ${key}, ${rate}`,
  },
  invoice: {
    title: 'Invoice', advised: (limit: string) => `The receipt is above ${limit}: a business needs an invoice with its name and address.`,
    for: (who: string) => `For ${who}`, edition: (n: number) => `edition ${n}`, onAccount: 'on the customer’s account',
    show: 'Show the invoice', pdf: 'ZUGFeRD (PDF)', xml: 'XRechnung (XML)', fetching: 'Being made …',
    make: 'Make an invoice with an address', again: 'Mend the address', lead: 'The receipt stays as it is. The invoice has its number; the address lies sealed, apart from the journal.',
    known: 'Customer number', knownHint: 'If the customer is known; the fields below stay empty then.',
    reference: 'Reference or Leitweg-ID', referenceHint: 'Authorities want their Leitweg-ID on an XRechnung.',
    name: 'Name', company: 'Company', street: 'Street and number', postalCode: 'Postal code', town: 'Town', country: 'Country', email: 'E-mail',
    issue: 'Make the invoice', cancel: 'Cancel', nobody: 'A name or company and the address, or a customer number.', unknown: 'There is no such customer number.',
    hospitality: 'Hospitality receipt', hospitalityLead: 'With fields for occasion and guests (in German, for the German tax office), to print and fill in.',
  },
};

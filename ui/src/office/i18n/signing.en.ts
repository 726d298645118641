import type { signingTexts as german } from './signing.de';

/** Texts of the signing units, in English. */
export const signingTexts: typeof german = {
  lead: 'Every receipt is signed by a signing unit (TSE) before it is printed. When that fails selling goes on: receipts and journal say so, and what was not signed stays so.',
  elsewhere: 'Only a shop in Germany has a TSE.',
  none: 'Nothing is signed. In Germany no sale may be taken like this.',
  serial: 'Serial number of the tills',
  serialHint: (client) => `That of the first till is ${client}. It stands on every receipt and in the notification to the tax office; do not change it once the shop sells.`,
  clearText: 'On receipts',
  codeOnly: 'QR code and what matters most',
  codeAndText: 'QR code and everything in words',
  unit: 'Signing unit',
  kinds: { software: 'Software for practice' },
  notCertified: 'No certified TSE: for practice only. Every receipt and every export says so.',
  add: 'Add software for practice',
  newName: 'Software TSE (test)',
  unitSerial: 'Serial number', algorithm: 'Algorithm',
  neverReached: 'Never reached yet. After saving it appears within a few seconds.',
  works: 'Signs',
  down: (since, why) => `Has not signed since ${since}: ${why}`,
  why: {
    unreachable: 'it does not answer', time_out: 'it does not answer in time', storage: 'its storage cannot be read or written', storage_full: 'its storage is full',
    certificate_expired: 'its certificate has expired', self_test: 'it fails its own test', disabled: 'it was put out of service', too_many_open: 'too many open transactions', client: 'it does not take this till',
  },
  whyOther: (code) => `fault “${code}”`,
  export: 'TAR export',
  exportHint: 'All that this unit signed, as an auditor asks for it. To verify: tresen verify --tar FILE',
  ofTill: 'Signing unit',
  first: 'the first one',
};

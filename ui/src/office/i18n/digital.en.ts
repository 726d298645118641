/** Texts of digital receipts in the office, in English. */
import type { digitalTexts as german } from './digital.de';

export const digitalTexts: typeof german = {
  section: 'Digital receipts',
  lead: 'A receipt can reach the customer without paper. Everything here is off until it is switched on. The customer consents by scanning, or by giving an address.',
  page: {
    title: 'Page of the receipt (QR code)', lead: 'After paying, the customer display shows a code. Whoever scans it sees their receipt.',
    none: 'Off', shop: 'This shop shows the page itself', host: 'A host outside keeps it encrypted',
    by: 'Where the page lies', address: 'Address', shopHint: 'How phones reach the shop, for example http://192.168.1.10:7080. Tresen has to run with --receipts at that address.',
    hostHint: 'For example https://bon.example.org. There “tresen receipts” runs. The key stands in the QR code alone.',
    days: 'Kept for, days', daysHint: '90 to 3660.', bad: 'Begin with http:// or https://, without a path.',
  },
  mail: {
    title: 'Mail', on: 'Send receipts by mail', server: 'Server', port: 'Port', security: 'Encryption',
    securities: { starttls: 'STARTTLS (usually port 587)', tls: 'TLS (usually port 465)', none: 'none (only a server on this machine)' },
    user: 'User', from: 'Sender address', bad: 'This is no mail address.', certificate: 'Own certificate',
    certificateHint: 'Only for a server of your own whose certificate nobody else confirms: PEM. Otherwise leave it empty.',
  },
  sms: {
    title: 'Text messages', on: 'Send the link to the receipt by text message', lead: 'Needs the page of the receipt. The provider sees the link, so also the key in it.',
    kind: 'Provider', kinds: { seven: 'seven.io', twilio: 'Twilio', http: 'another one, over HTTP' }, from: 'Sender', fromHint: 'A number, or at most 11 letters and digits.',
    account: 'Account SID', prefix: 'Prefix', prefixHint: 'For numbers that begin with a nought, for example +49.',
    address: 'Address', own: 'Another address', ownHint: 'Only for the simulator, otherwise leave it empty.', media: 'Kind of content', body: 'Content',
    bodyHint: '{to}, {text} and {secret} stand for number, text and key.', authorization: 'Header Authorization', authorizationHint: 'For example: Bearer {secret}',
  },
  secret: {
    mail: 'Password', sms: 'Key or token', page: 'Token for uploading', known: 'Is known. Enter another one here.', missing: 'Still missing.', lost: 'Does not open any more (a backup was put back?). Please enter it again.',
    lead: 'Lies sealed, apart from the settings, and is shown to nobody again. Save the settings first.', tell: 'Take over', told: 'Taken over.',
  },
  test: { title: 'Test message', lead: 'With the settings as saved. What becomes of it stands below.', mail: 'Mail address', sms: 'Mobile number', send: 'Send', sent: 'On its way.' },
  list: {
    title: 'Messages to customers', lead: 'What waits, is unclear or did not go out stands first. What is unclear is never sent again by itself.', none: 'No message yet.',
    trial: 'Test message', receipt: (number) => `Receipt ${number}`, again: 'Send again', now: 'Try now', done: 'It arrived', close: 'Tick off', forget: 'Delete address',
    next: (at) => `next try ${at}`, tries: (n) => `${n} tries`, kept: 'address kept as asked', reload: 'Refresh',
  },
  send: { title: 'Send without paper', way: 'Way', to: 'To', keep: 'The customer wants the address to be kept', go: 'Send', sent: (to) => `On its way to ${to}.`, qr: 'Show QR code', label: 'QR code of the receipt', coming: 'The receipt page is still on its way.', failed: 'The receipt page could not be uploaded.' },
};

/** Texts of receipts without paper at the till. */
import { catalogue } from '../i18n/language.svelte';

const de = {
  go: 'Beleg als QR, Mail, SMS',
  title: (number: string) => `Beleg ${number} ohne Papier`,
  tabs: { page: 'QR-Code', mail: 'E-Mail', sms: 'SMS' },
  ways: 'Auf welchem Weg',
  scan: 'Der Kunde scannt den Code mit dem Handy; mehr braucht es nicht.',
  qr: 'QR-Code zum Beleg',
  coming: 'Die Belegseite ist noch unterwegs. Der Code erscheint, sobald sie abrufbar ist.',
  failed: 'Die Belegseite ließ sich nicht hochladen. Bitte den Beleg drucken; im Büro steht unter „Belege“, warum.',
  mail: 'Mailadresse des Kunden', sms: 'Handynummer des Kunden',
  keep: 'Der Kunde möchte, dass die Adresse gespeichert bleibt',
  dropped: 'Sonst wird sie nach dem Versand gelöscht.',
  send: 'Beleg senden',
  decline: 'Kunde will keinen Beleg', declined: 'Vermerkt: Beleg angeboten, nicht gewünscht.',
  sent: (to: string) => `Unterwegs an ${to}.`,
};
const en: typeof de = {
  go: 'Receipt by QR, mail, text',
  title: (number) => `Receipt ${number} without paper`,
  tabs: { page: 'QR code', mail: 'Mail', sms: 'Text message' },
  ways: 'By which way',
  scan: 'The customer scans the code with their phone; nothing more is needed.',
  qr: 'QR code of the receipt',
  coming: 'The receipt page is still on its way. The code appears as soon as it can be opened.',
  failed: 'The receipt page could not be uploaded. Please print the receipt; the office says why under “Receipts”.',
  mail: 'The customer’s mail address', sms: 'The customer’s mobile number',
  keep: 'The customer wants the address to be kept',
  dropped: 'Otherwise it is deleted once the receipt is sent.',
  send: 'Send the receipt',
  decline: 'Customer wants no receipt', declined: 'Noted: receipt offered, not wanted.',
  sent: (to) => `On its way to ${to}.`,
};
export const paperless = catalogue(de, en);

/** Mail, texts and pages of receipts on their way out: what is said of them at the till and in the office. */
import { catalogue } from '../i18n/language.svelte';

const de = {
  way: { mail: 'E-Mail', sms: 'SMS', page: 'Belegseite' },
  state: { waiting: 'wartet', done: 'verschickt', unknown: 'unklar', failed: 'nicht verschickt' },
  short: (way: string) => `${way} wartet`,
  unsettled: 'Nachricht unklar',
  unsettled_help: 'Eine Nachricht an Kunden ging nicht hinaus, oder niemand weiß, ob sie ankam. Die Belege sind gespeichert. Im Büro unter „Belege“ klären.',
  goes_on: 'Es wird von selbst weiter versucht; verkauft wird weiter. Der Beleg lässt sich immer drucken.',
  count: (n: number) => (n === 1 ? '1 Nachricht wartet.' : `${n} Nachrichten warten.`),
  /** Why, by stable codes; `a` stands for the way. */
  why: {
    unreachable: 'Der Server antwortet nicht.', timeout: 'Der Server braucht zu lange.', tls: 'Der Server kann nicht beweisen, dass er der richtige ist (Zertifikat).',
    no_tls: 'Der Server bietet keine Verschlüsselung an; es wurde nichts geschickt.', login: 'Der Server lehnt die Anmeldung ab: Passwort oder Schlüssel prüfen.',
    sender: 'Der Server lässt diese Absenderadresse nicht zu.', refused: 'Der Empfänger wurde abgelehnt: Adresse oder Nummer prüfen.', too_large: 'Die Nachricht ist zu groß.',
    busy: 'Der Server nimmt gerade nichts an.', server: 'Der Server meldet einen Fehler.', credit: 'Das Guthaben beim Anbieter reicht nicht.',
    no_answer: 'Übergeben, aber ohne Antwort: Es ist unklar, ob die Nachricht ankam.', interrupted: 'Das Programm endete beim Übergeben: Es ist unklar, ob die Nachricht ankam.',
    restored: 'Aus einer Sicherung: Es ist unklar, ob die Nachricht schon verschickt wurde.', bad_settings: 'Die Einstellungen passen nicht.',
    no_secret: 'Passwort oder Schlüssel fehlt: im Büro unter Einstellungen, Digitale Belege, eingeben.', not_set_up: 'Der Weg ist nicht mehr eingerichtet.',
    no_page: 'Die Belegseite ist nicht abrufbar.', lost_receiver: 'Es ist nicht mehr bekannt, an wen.', no_receipt: 'Diesen Beleg gibt es nicht.', no_document: 'Der Beleg ließ sich nicht als PDF schreiben.',
    preparing: 'Der Beleg wird noch vorbereitet.', sending: 'Wird gerade verschickt.', settled: 'Von Hand geklärt.',
  } as Record<string, string>,
};
const en: typeof de = {
  way: { mail: 'Mail', sms: 'Text message', page: 'Receipt page' },
  state: { waiting: 'waiting', done: 'sent', unknown: 'unclear', failed: 'not sent' },
  short: (way) => `${way} waiting`,
  unsettled: 'Message unclear',
  unsettled_help: 'A message to a customer did not go out, or nobody knows whether it arrived. The receipts are saved. Clear it up in the office under “Receipts”.',
  goes_on: 'It is tried again by itself; selling goes on. The receipt can always be printed.',
  count: (n) => (n === 1 ? '1 message is waiting.' : `${n} messages are waiting.`),
  why: {
    unreachable: 'The server does not answer.', timeout: 'The server takes too long.', tls: 'The server cannot prove that it is the right one (certificate).',
    no_tls: 'The server offers no encryption; nothing was sent.', login: 'The server refuses the sign-in: check the password or key.',
    sender: 'The server does not allow this sender address.', refused: 'The receiver was refused: check the address or number.', too_large: 'The message is too large.',
    busy: 'The server takes nothing right now.', server: 'The server reports an error.', credit: 'There is not enough credit with the provider.',
    no_answer: 'Handed over, but without an answer: it is unclear whether the message arrived.', interrupted: 'The program ended while handing it over: it is unclear whether the message arrived.',
    restored: 'From a backup: it is unclear whether the message was sent already.', bad_settings: 'The settings do not fit.',
    no_secret: 'The password or key is missing: enter it in the office under Settings, Digital receipts.', not_set_up: 'This way is not set up any more.',
    no_page: 'The receipt page cannot be opened.', lost_receiver: 'It is not known any more to whom.', no_receipt: 'There is no such receipt.', no_document: 'The receipt could not be written as a PDF.',
    preparing: 'The receipt is still being prepared.', sending: 'It is being sent right now.', settled: 'Settled by hand.',
  },
};
export const messages = catalogue(de, en);

/** A lamp's code: `mail_unreachable`, `upload_login`, `unsettled`. */
export function messageLamp(code: string): { short: string; help: string } {
  const m = messages();
  if (code === 'ok') return { short: m.way.mail, help: '' };
  if (code === 'unsettled') return { short: m.unsettled, help: m.unsettled_help };
  const [way = '', ...rest] = code.split('_');
  const name = way === 'upload' ? m.way.page : way === 'sms' ? m.way.sms : m.way.mail;
  return { short: m.short(name), help: `${m.why[rest.join('_')] ?? ''} ${m.goes_on}`.trim() };
}

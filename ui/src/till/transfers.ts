/** Words of transfers and foreign cash at the till. */
import { catalogue } from '../i18n/language.svelte';
import { count, decimalSign } from '../kit/format';

const de = {
  pay: 'Überweisung (QR)', ask: 'QR-Code zeigen', lead: 'Der Kunde scannt den QR-Code auf der Kundenanzeige oder hier mit seiner Banking-App.', empty: 'Leer lassen heißt: alles, was offen ist.',
  title: 'Warten auf die Überweisung', note: 'Erst wenn das Geld da ist, geht die Ware aus dem Haus. Eine Bestätigung auf dem Handy des Kunden ist kein Geldeingang.',
  qr: 'QR-Code für die Überweisung', reference: 'Verwendungszweck', holder: 'Empfänger', iban: 'IBAN', amount: 'Betrag',
  next: 'Nächster Kunde', give_up: 'Aufgeben', park: 'Beiseitelegen', by_hand: 'Von Hand bestätigen',
  arrived: (came: string, wanted: string) => `Eingegangen sind ${came} statt ${wanted}. Die Aufsicht entscheidet.`,
  confirm: 'Geldeingang von Hand bestätigen', confirm_lead: 'Nur, wer den Eingang auf dem Konto selbst gesehen hat. Name und Grund stehen im Bericht, die Zahlung gilt als von Hand bestätigt.',
  confirm_part: 'Eingegangen', confirm_all: 'Leer lassen heißt: alles.', confirm_go: 'Das Geld ist da', reasons: ['Eingang im Online-Banking gesehen', 'Kontoauszug liegt vor', 'Die Bank hat es am Telefon bestätigt'],
  waiting: (n: number) => (n === 1 ? '1 Überweisung offen' : `${count(n)} Überweisungen offen`), list: 'Offene Überweisungen', none: 'Auf keine Überweisung wird gewartet.', show: 'Zeigen', take: 'Herholen',
  asked: (who: string, at: string) => `${who}, ${at}`, parked: 'beiseitegelegt', paid: 'Per Überweisung bezahlt', given_up: 'Aufgegeben. Kommt das Geld noch, steht es im Büro unter „Bank“.',
  came: (amount: string, reference: string) => `Eine Überweisung ist eingegangen: ${amount}, ${reference}. Der Beleg ist fertig, die Ware kann gehen.`,
  row: 'Überweisung, wird erwartet', undo: 'Das Geld ist auf dem Konto des Geschäfts und muss von dort zurücküberwiesen werden.',
  foreign: 'Bar in anderer Währung', foreign_title: 'Fremdwährung', foreign_lead: (rate: string, one: string) => `Kurs: 1 ${one} = ${rate}. Rückgeld gibt es in der Währung des Geschäfts.`, foreign_given: 'Gegeben',
  foreign_least: (given: string, change: string) => `${given} genügen, zurück ${change}`, foreign_go: 'Kassieren', foreign_none: 'Heute gilt für keine andere Währung ein Kurs.',
  foreign_count: 'Fremdwährung in der Lade', foreign_hint: 'Die Summe jeder Währung.', foreign_bad: 'Bitte für jede Währung die gezählte Summe eintragen.', rate: (given: string, rate: string) => `${given}, Kurs ${rate}`,
};
const en: typeof de = {
  pay: 'Transfer (QR)', ask: 'Show the QR code', lead: 'The customer scans the QR code on the customer display, or here, with their banking app.', empty: 'Leave it empty for all that is due.',
  title: 'Waiting for the transfer', note: 'Goods leave only when the money is there. What the customer’s phone shows is not money received.',
  qr: 'QR code of the transfer', reference: 'Reference', holder: 'Payee', iban: 'IBAN', amount: 'Amount',
  next: 'Next customer', give_up: 'Give up', park: 'Put aside', by_hand: 'Confirm by hand',
  arrived: (came, wanted) => `${came} came in instead of ${wanted}. A supervisor decides.`,
  confirm: 'Confirm by hand that the money is there', confirm_lead: 'Only by whoever saw it on the account themselves. Name and reason stand in the report; the payment counts as confirmed by hand.',
  confirm_part: 'Received', confirm_all: 'Leave it empty for all of it.', confirm_go: 'The money is there', reasons: ['Seen in online banking', 'On the bank statement', 'The bank confirmed it by phone'],
  waiting: (n) => (n === 1 ? '1 transfer waited for' : `${count(n)} transfers waited for`), list: 'Transfers waited for', none: 'No transfer is waited for.', show: 'Show', take: 'Take here',
  asked: (who, at) => `${who}, ${at}`, parked: 'put aside', paid: 'Paid by transfer', given_up: 'Given up. If the money still comes, it stands in the office under “Bank”.',
  came: (amount, reference) => `A transfer came in: ${amount}, ${reference}. The receipt is finished, the goods can go.`,
  row: 'Transfer, waited for', undo: 'The money is in the shop’s account and must be sent back from there.',
  foreign: 'Cash in another currency', foreign_title: 'Foreign cash', foreign_lead: (rate, one) => `Rate: 1 ${one} = ${rate}. Change is given in the shop’s currency.`, foreign_given: 'Given',
  foreign_least: (given, change) => `${given} suffices, change ${change}`, foreign_go: 'Take it', foreign_none: 'No other currency has a rate today.',
  foreign_count: 'Foreign cash in the drawer', foreign_hint: 'The sum of each currency.', foreign_bad: 'Please fill in the sum counted of each currency.', rate: (given, rate) => `${given}, rate ${rate}`,
};
export const transfers = catalogue(de, en);

/** A rate as the shop says it, with the decimal sign of the page. */
export const spoken = (rate: string): string => rate.replace('.', decimalSign());

/** Words of money that is reserved on cards. */
import { catalogue } from '../i18n/language.svelte';
import { count } from '../kit/format';

const de = {
  reserve: 'Betrag reservieren', lead: 'Für eine Kaution oder einen Tisch: das Terminal hält den Betrag auf der Karte fest. Bezahlt ist damit nichts.', note: 'Wofür (freiwillig)', note_hint: 'z. B. Pavillon, zurück am Montag',
  open: (n: number) => (n === 0 ? 'Reservierungen' : `Reservierungen (${count(n)})`), list: 'Offene Reservierungen', none: 'Nichts ist reserviert.', fresh: 'Neue Reservierung',
  what: (purpose: string): string => (purpose === 'release' ? 'Reservierung wird freigegeben' : 'Betrag wird reserviert'), running: 'Reservierung läuft',
  not: (purpose: string): string => (purpose === 'release' ? 'Nicht freigegeben' : 'Nicht reserviert'), cancel: 'Abbrechen', cancel_asked: 'Der Abbruch ist verlangt. Ob abgebrochen ist, sagt nur das Terminal.',
  doubt: 'Etwas ist ungeklärt:', settle: 'Klären',
  since: (when: string, days: number) => (days === 0 ? `seit ${when}` : days === 1 ? `seit ${when}, 1 Tag` : `seit ${when}, ${count(days)} Tage`),
  by: (person: string, till: string, terminal: string) => [person, till, terminal].filter(Boolean).join(' · '), receipt: (number: string) => `Terminal-Beleg ${number}`, no_card: 'Karte unbekannt',
  pay: 'Einlösen', release: 'Freigeben', end: 'Erledigt', pay_off: 'Zum Einlösen zuerst Ware auf den Bon nehmen.', by_hand: 'Das Terminal kann nicht danach gefragt werden: dort selbst einlösen oder freigeben, dann hier als erledigt eintragen.',
  pay_title: 'Reservierung einlösen', pay_lead: 'Wird als Kartenzahlung auf diesen Bon gebucht. Was nicht gebraucht wird, gibt das Terminal frei; die Reservierung ist danach erledigt.', pay_amount: 'Betrag', pay_empty: 'Leer lassen heißt: was offen ist, höchstens der reservierte Betrag.', due: 'Offen auf dem Bon', reserved: 'Reserviert',
  release_title: 'Reservierung freigeben', release_lead: 'Das Terminal gibt den ganzen Betrag wieder frei. Bezahlt wird nichts.', release_go: 'Am Terminal freigeben',
  end_title: 'Als erledigt eintragen', end_lead: 'Nur, wer weiß, dass sie am Terminal oder bei der Bank nicht mehr offen ist. Das Terminal wird nicht gefragt.', end_go: 'Ist erledigt', end_open: 'Doch nicht offen? Als erledigt eintragen',
  end_reasons: ['Am Terminal selbst freigegeben', 'Am Terminal selbst eingelöst', 'Bei der Bank verfallen'],
  made: (amount: string) => `Reserviert: ${amount}. Die Reservierung steht unter „Mehr“.`, closing: (n: number) => (n === 1 ? '1 Reservierung dieser Kasse ist offen. Sie hält den Abschluss nicht auf und bleibt stehen.' : `${count(n)} Reservierungen dieser Kasse sind offen. Sie halten den Abschluss nicht auf und bleiben stehen.`),
};
const en: typeof de = {
  reserve: 'Reserve an amount', lead: 'For a deposit or a table: the terminal holds the amount on the card. Nothing is paid by that.', note: 'What for (optional)', note_hint: 'e.g. gazebo, back on Monday',
  open: (n) => (n === 0 ? 'Reservations' : `Reservations (${count(n)})`), list: 'Open reservations', none: 'Nothing is reserved.', fresh: 'New reservation',
  what: (purpose) => (purpose === 'release' ? 'Releasing the reservation' : 'Reserving the amount'), running: 'Reservation running',
  not: (purpose) => (purpose === 'release' ? 'Not released' : 'Not reserved'), cancel: 'Cancel', cancel_asked: 'Cancelling has been asked for. Only the terminal says whether it is cancelled.',
  doubt: 'Something is in doubt:', settle: 'Settle',
  since: (when, days) => (days === 0 ? `since ${when}` : days === 1 ? `since ${when}, 1 day` : `since ${when}, ${count(days)} days`),
  by: (person, till, terminal) => [person, till, terminal].filter(Boolean).join(' · '), receipt: (number) => `terminal’s receipt ${number}`, no_card: 'card unknown',
  pay: 'Book', release: 'Release', end: 'Done with', pay_off: 'To book it, put goods on the receipt first.', by_hand: 'The terminal cannot be asked about it: book or release it there by hand, then strike it off here.',
  pay_title: 'Book a reservation', pay_lead: 'Booked on this receipt as a card payment. The terminal frees what is not needed; the reservation is done with then.', pay_amount: 'Amount', pay_empty: 'Left empty means: what is due, at most what is reserved.', due: 'Due on the receipt', reserved: 'Reserved',
  release_title: 'Release a reservation', release_lead: 'The terminal frees the whole amount again. Nothing is paid.', release_go: 'Release at the terminal',
  end_title: 'Strike a reservation off', end_lead: 'Only by whoever knows that it is no longer open at the terminal or the bank. The terminal is not asked.', end_go: 'It is done with', end_open: 'Not open after all? Strike it off',
  end_reasons: ['Released at the terminal by hand', 'Booked at the terminal by hand', 'Lapsed at the bank'],
  made: (amount) => `Reserved: ${amount}. The reservation stands under “More”.`, closing: (n) => (n === 1 ? '1 reservation of this till is open. It does not hold up the closing and stays.' : `${count(n)} reservations of this till are open. They do not hold up the closing and stay.`),
};
export const reservations = catalogue(de, en);

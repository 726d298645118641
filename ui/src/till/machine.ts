/** The cash machine beside the till. */
import { catalogue } from '../i18n/language.svelte';

const de = {
  title: 'Am Automaten zahlen', pay: 'Am Automaten', by_hand: 'Von Hand kassieren', part: 'Teilbetrag am Automaten', go: 'Automat ansprechen', empty_is_all: 'Leer lassen heißt: alles, was offen ist.',
  quick: 'Bar am Automaten', whole: 'am Automaten', other: 'Teil, von Hand …',
  inserted: 'eingeworfen', open: 'noch offen', cancel_hint: 'Der Automat gibt zurück, was eingeworfen ist. Ob abgebrochen ist, sagt nur er.',
  gone: 'Der Bezahlautomat ist nicht bereit. Von Hand kassieren: das Geld kommt in die Lade und wird so festgehalten.', hand: 'Von Hand: das Geld kommt in die Lade, nicht in den Automaten. So wird es auch festgehalten.', anyway: 'Trotzdem am Automaten',
  taken: { machine: 'Automat', hand: 'von Hand' }, change: 'Rückgeld – gibt der Automat', not_paid: 'Nicht kassiert',
  undo: 'Das Geld liegt im Automaten, und ohne Zahlung gibt er nichts heraus. Bitte den Betrag von Hand aus der Lade zurückgeben.', undo_go: 'Von Hand zurückgegeben',
  asking: 'Tresen fragt den Automaten selbst, immer wieder.', step_asking: 'Der Automat wird gefragt, was er getan hat', step_person: 'Jemand sieht am Automaten nach und entscheidet', look: 'Am Automaten nachsehen', look_title: (name: string) => `So zeigt „${name}“, was er getan hat`,
  look_steps: (amount: string, time: string) => [
    'Am Automaten das Menü mit den letzten Vorgängen öffnen, oder seine Bedienseite im Browser.', `Vergleichen: Betrag ${amount}, Zeit um ${time}, und ob der Vorgang fertig ist oder abgebrochen wurde.`,
    'Liegt noch Geld im Einwurf oder in der Ausgabe, gehört es dem Kunden.', 'Fertig heißt: der Automat hat das Geld. Abgebrochen, oder gar kein solcher Vorgang, heißt: er hat es nicht.', 'Bleibt es unklar: der Service des Herstellers weiß es. Bis dahin gilt die Zahlung als ungeklärt.',
  ],
  reasons_yes: ['Automat zeigt den Vorgang als fertig', 'Inhalt gezählt'], reasons_no: ['Automat zeigt den Vorgang als abgebrochen', 'Automat kennt keinen solchen Vorgang', 'Inhalt gezählt'],
  count: { take: 'Bestand des Automaten mitzählen', taking: 'Der Automat wird gefragt …', taken: (sum: string) => `Der Automat meldet ${sum}. Das wird mitgezählt; in die Felder kommt nur, was in der Lade liegt.`, without: 'Ohne den Automaten', pieces: (n: string) => `+ ${n} im Automaten`, box: 'Was schon im Sammelbehälter liegt, meldet der Automat nicht: bitte von Hand mitzählen.' },
  collect: {
    title: 'Automat leeren', lead: 'Der Automat legt alles zum Abholen bereit. Gebucht wird eine Abschöpfung, sobald er sagt, dass es geschehen ist.', holds: 'Im Automaten', look: 'Neu ansehen', go: 'Leeren und buchen', nothing: 'Im Automaten liegt nichts, was er ausgeben könnte.',
    running: 'Der Automat wird geleert. Bitte warten.', done: 'Der Automat ist geleert, die Abschöpfung ist gebucht.',
  },
};
const en: typeof de = {
  title: 'Pay at the machine', pay: 'At the machine', by_hand: 'Take cash by hand', part: 'A part at the machine', go: 'Ask the machine', empty_is_all: 'Left empty it means all that is due.',
  quick: 'Cash at the machine', whole: 'at the machine', other: 'A part, by hand …',
  inserted: 'put in', open: 'still due', cancel_hint: 'The machine gives back what was put in. Whether it was given up, only the machine says.',
  gone: 'The cash machine is not ready. Take the cash by hand: it goes into the drawer, and is recorded so.', hand: 'By hand: the money goes into the drawer, not into the machine. It is recorded so as well.', anyway: 'At the machine all the same',
  taken: { machine: 'machine', hand: 'by hand' }, change: 'Change – the machine gives it', not_paid: 'Not paid',
  undo: 'The money lies in the machine, and without a payment it gives nothing out. Please give the amount back by hand from the drawer.', undo_go: 'Given back by hand',
  asking: 'Tresen is asking the machine by itself, again and again.', step_asking: 'The machine is being asked what it did', step_person: 'Somebody looks at the machine and decides', look: 'Look at the machine', look_title: (name) => `How “${name}” shows what it did`,
  look_steps: (amount, time) => [
    'Open the menu with the last transactions at the machine, or its own page in a browser.', `Compare: amount ${amount}, time about ${time}, and whether it was completed or given up.`,
    'Money that still lies in the inlet or the outlet belongs to the customer.', 'Completed means: the machine has the money. Given up, or no such transaction at all, means: it does not have it.', 'If it stays unclear: the maker’s service knows. Until then the payment is in doubt.',
  ],
  reasons_yes: ['The machine shows it as completed', 'Its contents were counted'], reasons_no: ['The machine shows it as given up', 'The machine knows of no such payment', 'Its contents were counted'],
  count: { take: 'Count what the machine holds as well', taking: 'The machine is being asked …', taken: (sum) => `The machine says ${sum}. That is counted as well; the fields take only what lies in the drawer.`, without: 'Without the machine', pieces: (n) => `+ ${n} in the machine`, box: 'What lies in the collection box already, the machine does not say: please count it by hand.' },
  collect: {
    title: 'Empty the machine', lead: 'The machine moves everything to where it is collected. A drop to the safe is booked as soon as it says that this is done.', holds: 'In the machine', look: 'Look anew', go: 'Empty and book', nothing: 'Nothing lies in the machine that it could give out.',
    running: 'The machine is being emptied. Please wait.', done: 'The machine was emptied, the drop to the safe is booked.',
  },
};
export const machine = catalogue(de, en);

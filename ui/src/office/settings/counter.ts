/** Words of scales and displays of two lines in the settings. */
import { catalogue } from '../../i18n/language.svelte';

const de = {
  scales: 'Waagen', scalesLead: 'Gewogene Ware wird an der Waage neben der Kasse gewogen. Bei Checkout-Dialog rechnet die Waage den Preis aus, und die Kasse übernimmt ihn Wort für Wort.',
  displays: 'Kundenanzeigen mit zwei Zeilen', displaysLead: 'Neben dem Kundenbildschirm oder statt seiner: zwei Zeilen zu 20 Zeichen.',
  at: 'Anschluss', atHint: 'Adresse im Netz, Schnittstelle oder USB-Name.', atWrong: 'Bitte einen Anschluss angeben, der nur einmal vorkommt.',
  atExample: { scale: '192.168.1.60:4001', display: '/dev/ttyUSB0' },
  newName: { scale: 'Waage', display: 'Kundenanzeige' },
  add: { scale: 'Waage hinzufügen', display: 'Anzeige hinzufügen' },
  protocol: 'Protokoll', protocols: { dialog02: 'Checkout-Dialog 02', dialog04: 'Checkout-Dialog 04', dialog06: 'Checkout-Dialog 06', mettler8217: 'Mettler-Toledo 8217 (nur Gewicht)', sics: 'MT-SICS (nur Gewicht)' },
  least: 'Kleinste Last in Gramm', leastHint: 'Steht als „Min“ auf dem Typenschild.', leastWrong: 'Bitte 1 bis 10 000 Gramm.',
  weightOnly: 'Diese Waage nennt nur das Gewicht, den Preis rechnet die Kasse. In offenen Verkaufsstellen verlangt das Eichrecht dafür eine eigene Prüfung, die Tresen nicht hat.',
  secret: 'Schlüssel der Waage (Dialog 06)', secretLead: 'Acht Zeichen (0–9, A–F), vom Hersteller mit der Zulassung der Kasse. Er wird versiegelt abgelegt und nie wieder angezeigt.', secretNeeded: 'Ohne diesen Schlüssel wiegt die Waage nicht für die Kasse.', secretWrong: 'Das ist kein solcher Schlüssel: acht Zeichen 0–9 und A–F, so wie der Hersteller sie nennt.', secretSave: 'Schlüssel ablegen', secretSaved: 'Der Schlüssel ist abgelegt.',
  tills: 'Steht an:', dialect: 'Befehle', behind: 'Kabel', ownCable: 'eigenes Kabel', behindHint: 'Manche Anzeigen hängen am Kabel eines Bondruckers.', umlauts: 'Zeigt Umlaute (Zeichensatz 858)',
  version: 'Eichpflichtiger Teil', hash: 'Prüfsumme (SHA-256)', partLead: 'Der Teil der Kasse, der mit Waagen spricht. Beides steht bei jeder Wägung in den Aufzeichnungen. Er ist mit Simulatoren getestet und von keiner Stelle geprüft.',
};
const en: typeof de = {
  scales: 'Scales', scalesLead: 'Goods by weight are weighed by the scale beside the till. With Checkout-Dialog the scale computes the price, and the till takes it word for word.',
  displays: 'Customer displays of two lines', displaysLead: 'Beside the customer’s screen or in place of it: two lines of 20 characters.',
  at: 'Connected at', atHint: 'Address in the network, port, or USB name.', atWrong: 'Please give a place that occurs only once.',
  atExample: { scale: '192.168.1.60:4001', display: '/dev/ttyUSB0' },
  newName: { scale: 'Scale', display: 'Customer display' },
  add: { scale: 'Add a scale', display: 'Add a display' },
  protocol: 'Protocol', protocols: { dialog02: 'Checkout-Dialog 02', dialog04: 'Checkout-Dialog 04', dialog06: 'Checkout-Dialog 06', mettler8217: 'Mettler-Toledo 8217 (weight only)', sics: 'MT-SICS (weight only)' },
  least: 'Least load in grams', leastHint: 'Stands on its plate as “Min”.', leastWrong: 'Please give 1 to 10,000 grams.',
  weightOnly: 'This scale tells the weight alone, the till computes the price. Where goods are sold over the counter the law of measuring wants an examination for that, which Tresen does not have.',
  secret: 'Key of the scale (Dialog 06)', secretLead: 'Eight characters (0–9, A–F), from the maker with the approval of the till. It is kept sealed and never shown again.', secretNeeded: 'Without this key the scale does not weigh for the till.', secretWrong: 'That is no such key: eight characters 0–9 and A–F, just as the maker gives them.', secretSave: 'Keep the key', secretSaved: 'The key is kept.',
  tills: 'Stands at:', dialect: 'Commands', behind: 'Cable', ownCable: 'a cable of its own', behindHint: 'Some displays hang on the cable of a receipt printer.', umlauts: 'Shows umlauts (code page 858)',
  version: 'Part under the law of measuring', hash: 'Checksum (SHA-256)', partLead: 'The part of the till that speaks to scales. Both stand with each weighing in the record. It was tested with simulators and examined by nobody.',
};
export const counter = catalogue(de, en);

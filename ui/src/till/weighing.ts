/** Words of the scale beside the till. */
import type { WeighingView } from '../api/types';
import { catalogue } from '../i18n/language.svelte';

type Note = WeighingView['note'];

const de = {
  title: (name: string) => `${name} wiegen`,
  per: (price: string) => `${price} je kg`,
  tare_now: (grams: number) => `Tara ${grams} g wird abgezogen`,
  notes: {
    asking: 'Die Waage wird gefragt …', in_motion: 'Die Waage ist in Bewegung', no_load_change: 'Diese Ware wurde schon gewogen. Bitte abnehmen und neu auflegen.',
    below_minimum: 'Bitte Ware auflegen (zu leicht, oder nichts liegt auf der Waage)', underload: 'Die Waage steht unter null: abräumen und auf null stellen', overload: 'Zu schwer für die Waage',
    busy: 'Die Waage ist gerade beschäftigt', garbled: 'Die Waage antwortet unverständlich, es wird weiter gefragt', silent: 'Die Waage antwortet nicht, es wird weiter gefragt', unreachable: 'Die Waage ist nicht zu erreichen, es wird weiter versucht',
    price_refused: 'Die Waage nimmt diesen Preis nicht an', tare_refused: 'Die Waage nimmt diese Tara nicht an', text_refused: 'Die Waage nimmt den Namen der Ware nicht an',
    secret_missing: 'Die Waage will einen Schlüssel sehen, der im Büro noch nicht eingetragen ist', secret_refused: 'Die Waage nimmt den Schlüssel aus dem Büro nicht an',
    other_price: 'Die Waage hat zu einem anderen Preis gewogen: nicht verkauft', finer_than_grams: 'Die Waage wiegt feiner als ein Gramm: so lässt sich nicht verkaufen', not_understood: 'Die Waage versteht die Kasse nicht. Stimmt das Protokoll im Büro?', not_now: 'Die Ware lässt sich so nicht mehr verkaufen',
  } satisfies Record<Note, string>,
  look: 'Gewicht und Preis zeigt die Waage. Auf dem Bon stehen sie, sobald gewogen ist.',
  by_hand: 'Von Hand eingeben', cancel: 'Nicht wiegen', tare: 'Tara …', again: 'Noch einmal fragen', tare_title: 'Tara', tare_label: 'Verpackung in Gramm', tare_go: 'Abziehen', bad_tare: 'Bitte 0 bis 9999 Gramm eingeben.',
  tared: (kilograms: string) => `netto, Tara ${kilograms} kg`, weighed: 'von der Waage',
};
const en: typeof de = {
  title: (name) => `Weigh ${name}`,
  per: (price) => `${price} per kg`,
  tare_now: (grams) => `Tare of ${grams} g is taken off`,
  notes: {
    asking: 'Asking the scale …', in_motion: 'The scale is in motion', no_load_change: 'These goods have been weighed already. Please take them off and put them on again.',
    below_minimum: 'Please put the goods on (too light, or nothing on the scale)', underload: 'The scale is below zero: clear it and set it to zero', overload: 'Too heavy for the scale',
    busy: 'The scale is busy just now', garbled: 'The scale’s answer makes no sense, it is asked again', silent: 'The scale does not answer, it is asked again', unreachable: 'The scale cannot be reached, trying on',
    price_refused: 'The scale does not accept this price', tare_refused: 'The scale does not accept this tare', text_refused: 'The scale does not accept the name of the goods',
    secret_missing: 'The scale wants to see a key that nobody has entered in the office yet', secret_refused: 'The scale does not accept the key from the office',
    other_price: 'The scale weighed at another price: not sold', finer_than_grams: 'The scale weighs finer than a gram: that cannot be sold', not_understood: 'The scale does not understand the till. Is the protocol in the office right?', not_now: 'The goods can no longer be sold like this',
  },
  look: 'Weight and price are shown by the scale. They stand on the receipt as soon as it has weighed.',
  by_hand: 'Enter by hand', cancel: 'Do not weigh', tare: 'Tare …', again: 'Ask again', tare_title: 'Tare', tare_label: 'Packing in grams', tare_go: 'Take off', bad_tare: 'Please enter 0 to 9999 grams.',
  tared: (kilograms) => `net, tare ${kilograms} kg`, weighed: 'by the scale',
};
export const weighing = catalogue(de, en);

/** The scale is not asked any more: somebody has to do something. */
export const isLast = (note: Note): boolean =>
  ['price_refused', 'tare_refused', 'text_refused', 'secret_missing', 'secret_refused', 'other_price', 'finer_than_grams', 'not_understood', 'not_now'].includes(note);

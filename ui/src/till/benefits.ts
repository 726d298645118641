/** Words of goods that people who work here take: nothing is paid. */
import { catalogue } from '../i18n/language.svelte';

const de = {
  title: 'Sachbezug, Eigenverbrauch', lead: 'Die Ware geht an jemanden, der hier arbeitet. Nichts wird bezahlt; sie geht vom Bestand ab und ist kein Umsatz. Wie sie zu versteuern ist, entscheidet die Buchhaltung.',
  who: 'Wer nimmt die Ware?', unnamed: 'Bitte sagen, wer die Ware nimmt.', why: 'Bitte sagen, wofür.',
  reasons: ['Mahlzeit in der Pause', 'Sachbezug', 'Eigenverbrauch', 'Für den Betrieb'],
  go: 'Ohne Bezahlung entnehmen', done: 'Entnommen. Nichts wurde bezahlt, der Zettel wird gedruckt.', row: 'Sachbezug, Eigenverbrauch',
};
const en: typeof de = {
  title: 'Goods for staff or own use', lead: 'The goods go to somebody who works here. Nothing is paid; they leave the stock and are no turnover. How they are taxed is for the bookkeeper to decide.',
  who: 'Who takes the goods?', unnamed: 'Please say who takes the goods.', why: 'Please say what for.',
  reasons: ['Meal in the break', 'Benefit in kind', 'Own use', 'For the business'],
  go: 'Take without paying', done: 'Taken. Nothing was paid; the slip is being printed.', row: 'Goods for staff, own use',
};
export const benefits = catalogue(de, en);

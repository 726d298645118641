/** Texts of invoices and hospitality receipts at the till. */
import { catalogue } from '../i18n/language.svelte';

const de = {
  title: (number: number) => `Rechnung zu Beleg ${number}`,
  advised: 'Über der Grenze für Kleinbetragsrechnungen: Ein Unternehmen braucht seinen Namen auf der Rechnung.',
  make: 'Rechnung mit Anschrift',
  hospitality: 'Bewirtungsbeleg drucken',
  needed: 'Name oder Firma, Straße, Postleitzahl und Ort werden gebraucht.',
  lead: 'Der Beleg bleibt, wie er ist. Die Anschrift liegt verschlüsselt getrennt vom Journal.',
  issue: 'Rechnung erstellen',
  done: 'Die Rechnung ist erstellt.',
  show: 'Rechnung öffnen und drucken',
  fields: { company: 'Firma', name: 'Name', street: 'Straße und Hausnummer', postal_code: 'Postleitzahl', town: 'Ort', vat_id: (name: string) => `${name} (wenn gewünscht)` },
};

const en: typeof de = {
  title: (number) => `Invoice of receipt ${number}`,
  advised: 'Above the limit for small invoices: a business needs its name on the invoice.',
  make: 'Invoice with an address',
  hospitality: 'Print hospitality receipt',
  needed: 'A name or company, street, postal code and town are needed.',
  lead: 'The receipt stays as it is. The address lies sealed, apart from the journal.',
  issue: 'Make the invoice',
  done: 'The invoice is made.',
  show: 'Open the invoice and print it',
  fields: { company: 'Company', name: 'Name', street: 'Street and number', postal_code: 'Postal code', town: 'Town', vat_id: (name: string) => `${name} (if wanted)` },
};

export const invoices = catalogue(de, en);

/** Words that every page needs. */
import type { Permission, Role, Unit } from '../api/types';

export const units: Record<Unit, string> = { piece: 'Stück', kilogram: 'kg', litre: 'l', metre: 'm' };
export const roles: Record<Role, string> = { cashier: 'Kasse', supervisor: 'Aufsicht', manager: 'Leitung', auditor: 'Prüfung' };
export const permissions: Record<Permission, string> = {
  sell: 'Verkaufen', void_line: 'Position stornieren', abort_basket: 'Bon abbrechen', give_benefits: 'Ware ohne Bezahlung entnehmen', discount: 'Rabatt geben',
  override_price: 'Preis ändern', return_with_receipt: 'Rückgabe mit Beleg',
  return_without_receipt: 'Rückgabe ohne Beleg', pay_out_deposit: 'Pfand auszahlen', choose_refund: 'Anders zurückzahlen als bezahlt', open_day: 'Kassentag eröffnen', close_day: 'Kassentag abschließen',
  resolve_payments: 'Ungeklärte Zahlungen klären',
  move_cash: 'Einlage und Entnahme', drop_cash: 'Abschöpfen', no_sale: 'Lade öffnen ohne Verkauf',
  see_totals: 'Summen sehen', training: 'Schulungsmodus', see_receipts: 'Belege nachsehen',
  see_reports: 'Auswertungen sehen', see_items: 'Artikel sehen', manage_items: 'Artikel pflegen',
  manage_stock: 'Bestand buchen', manage_vouchers: 'Gutscheine sperren, abgelaufene annehmen',
  sell_on_account: 'Auf Rechnung verkaufen', exceed_credit: 'Kreditlimit überschreiten', manage_customers: 'Kunden verwalten', record_account_payments: 'Zahlungseingänge buchen, Guthaben annehmen',
  manage_terminals: 'Kartenterminals aufnehmen, prüfen, freigeben', manage_settings: 'Einstellungen ändern', manage_people: 'Mitarbeiter verwalten',
  manage_record: 'Journal prüfen und sichern', see_audit: 'Prüferansicht', public: 'Offen für alle', signed_in: 'Angemeldet sein',
};
export const words = {
  ok: 'OK', cancel: 'Abbrechen', close: 'Schließen', back: 'Zurück', save: 'Speichern', delete_digit: 'Ziffer löschen',
  clear: 'Alles löschen', yes: 'Ja', no: 'Nein', language: 'Sprache', german: 'Deutsch', english: 'English',
  appearance: 'Darstellung', auto: 'wie das Gerät', light: 'hell', dark: 'dunkel', loading: 'Einen Moment …',
  till: (n: number | string) => `Kasse ${n}`,
};

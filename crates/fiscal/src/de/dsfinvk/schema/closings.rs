//! The ten tables with a row or a few for each closing: what the shop is, and its sums.
//!
//! DSFinV-K 2.4, own words for the descriptions; names, order, types and lengths are the form's and binding.

use super::*;

table! {
    /// `cashpointclosing.csv`: Kassenabschlüsse.
    0, cashpointclosing, "cashpointclosing.csv", "Stamm_Abschluss", "Kassenabschlüsse", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        Z_BUCHUNGSTAG: Key(25), Day, may, "Buchungstag, falls nicht der Tag des Abschlusses";
        TAXONOMIE_VERSION: Key(10), Version, must, "Fassung der Beschreibung";
        Z_START_ID: Key(40), Free, may, "erster Vorgang";
        Z_ENDE_ID: Key(40), Free, may, "letzter Vorgang";
        NAME: Text(60), Free, must, "Unternehmen";
        STRASSE: Text(60), Free, must, "Straße und Hausnummer";
        PLZ: Text(10), Free, must, "Postleitzahl";
        ORT: Text(62), Free, must, "Ort";
        LAND: Key(3), Country, must, "Land, drei Buchstaben";
        STNR: Key(20), Free, may, "Steuernummer";
        USTID: Key(15), Free, may, "Umsatzsteuer-Identifikationsnummer";
        Z_SE_ZAHLUNGEN: Number(2), Free, must, "alle Zahlungen";
        Z_SE_BARZAHLUNGEN: Number(2), Free, must, "davon bar";
    ]
}

table! {
    /// `location.csv`: Betriebsstätten.
    1, location, "location.csv", "Stamm_Orte", "Betriebsstätten", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        LOC_NAME: Text(60), Free, must, "Betriebsstätte";
        LOC_STRASSE: Text(60), Free, must, "Straße und Hausnummer";
        LOC_PLZ: Text(10), Free, must, "Postleitzahl";
        LOC_ORT: Text(62), Free, must, "Ort";
        LOC_LAND: Key(3), Country, must, "Land, drei Buchstaben";
        LOC_USTID: Key(15), Free, may, "Umsatzsteuer-Identifikationsnummer";
    ]
}

table! {
    /// `cashregister.csv`: Kassen.
    2, cashregister, "cashregister.csv", "Stamm_Kassen", "Kassen", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        KASSE_BRAND: Text(50), Free, must, "Hersteller der Kasse";
        KASSE_MODELL: Text(50), Free, must, "Modell der Kasse";
        KASSE_SERIENNR: Key(70), Free, must, "Seriennummer der Kasse";
        KASSE_SW_BRAND: Text(50), Free, must, "Kassenprogramm";
        KASSE_SW_VERSION: Text(50), Free, must, "Fassung des Kassenprogramms";
        KASSE_BASISWAEH_CODE: Key(3), Currency, must, "Währung, in der die Kasse rechnet";
        KEINE_UST_ZUORDNUNG: Key(1), Flag, must, "1: Umsatzsteuer wird an der Kasse nicht zugeordnet";
    ]
}

table! {
    /// `slaves.csv`: Eingabegeräte.
    3, slaves, "slaves.csv", "Stamm_Terminals", "Eingabegeräte", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        TERMINAL_ID: Key(50), Free, must, "Eingabegerät";
        TERMINAL_BRAND: Text(50), Free, may, "Hersteller des Geräts";
        TERMINAL_MODELL: Text(50), Free, may, "Modell des Geräts";
        TERMINAL_SERIENNR: Key(70), Free, may, "Seriennummer des Geräts";
        TERMINAL_SW_BRAND: Text(50), Free, may, "Programm des Geräts";
        TERMINAL_SW_VERSION: Text(50), Free, may, "Fassung des Programms";
    ]
}

table! {
    /// `pa.csv`: Auftraggeber bei Agenturgeschäften.
    4, pa, "pa.csv", "Stamm_Agenturen", "Auftraggeber bei Agenturgeschäften", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        AGENTUR_ID: Number(0), Free, must, "Auftraggeber, für den verkauft wird";
        AGENTUR_NAME: Text(60), Free, must, "Name des Auftraggebers";
        AGENTUR_STRASSE: Text(60), Free, may, "Straße und Hausnummer";
        AGENTUR_PLZ: Text(10), Free, may, "Postleitzahl";
        AGENTUR_ORT: Text(62), Free, may, "Ort";
        AGENTUR_LAND: Key(3), Country, may, "Land, drei Buchstaben";
        AGENTUR_STNR: Key(20), Free, may, "Steuernummer";
        AGENTUR_USTID: Key(15), Free, may, "Umsatzsteuer-Identifikationsnummer";
    ]
}

table! {
    /// `tse.csv`: technische Sicherheitseinrichtungen.
    5, tse, "tse.csv", "Stamm_TSE", "technische Sicherheitseinrichtungen", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        TSE_ID: Number(0), Free, must, "Sicherheitseinrichtung innerhalb des Abschlusses";
        TSE_SERIAL: Key(68), Hex, must, "Seriennummer der Sicherheitseinrichtung";
        TSE_SIG_ALGO: Key(21), Algorithm, must, "Verfahren der Signatur";
        TSE_ZEITFORMAT: Key(31), OneOf(TIME_FORMATS), must, "Zeitformat der Protokolle";
        TSE_PD_ENCODING: Key(5), OneOf(ENCODINGS), must, "Zeichensatz der Vorgangsdaten";
        TSE_PUBLIC_KEY: Key(512), Base64, must, "öffentlicher Schlüssel, Base64";
        TSE_ZERTIFIKAT_I: Key(1000), Base64Part, must, "Zertifikat, Base64, erste 1.000 Zeichen";
        TSE_ZERTIFIKAT_II: Key(1000), Base64Part, may, "Zertifikat, Fortsetzung";
    ]
}

table! {
    /// `vat.csv`: Steuersätze.
    6, vat, "vat.csv", "Stamm_USt", "Steuersätze", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        UST_SCHLUESSEL: Number(0), Free, must, "Steuerschlüssel";
        UST_SATZ: Number(2), Free, must, "Steuersatz in Prozent";
        UST_BESCHR: Text(55), Free, must, "Bezeichnung des Steuersatzes";
    ]
}

table! {
    /// `businesscases.csv`: Summen je Art des Geschäftsvorfalls.
    7, businesscases, "businesscases.csv", "Z_GV_Typ", "Summen je Art des Geschäftsvorfalls", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        GV_TYP: Key(30), OneOf(BUSINESS_CASES), must, "Art des Geschäftsvorfalls";
        GV_NAME: Key(40), Free, may, "eigene Bezeichnung der Art";
        AGENTUR_ID: Number(0), Free, may, "Auftraggeber, für den verkauft wird";
        UST_SCHLUESSEL: Number(0), Free, must, "Steuerschlüssel";
        Z_UMS_BRUTTO: Number(5), Free, must, "Summe brutto";
        Z_UMS_NETTO: Number(5), Free, must, "Summe netto";
        Z_UST: Number(5), Free, must, "Summe Umsatzsteuer";
    ]
}

table! {
    /// `payment.csv`: Summen je Zahlungsart.
    8, payment, "payment.csv", "Z_Zahlart", "Summen je Zahlungsart", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        ZAHLART_TYP: Key(25), OneOf(PAYMENT_KINDS), must, "Art der Zahlung";
        ZAHLART_NAME: Key(60), Free, may, "eigene Bezeichnung der Zahlung";
        Z_ZAHLART_BETRAG: Number(2), Free, must, "Summe in der Währung der Kasse";
    ]
}

table! {
    /// `cash_per_currency.csv`: Bargeld je Währung.
    9, cash_per_currency, "cash_per_currency.csv", "Z_Waehrungen", "Bargeld je Währung", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        ZAHLART_WAEH: Key(3), Currency, must, "Währung";
        ZAHLART_BETRAG_WAEH: Number(2), Free, must, "Bargeld in dieser Währung";
    ]
}

//! The ten tables with rows for each receipt.
//!
//! DSFinV-K 2.4, own words for the descriptions; names, order, types and lengths are the form's and binding.

use super::*;

table! {
    /// `transactions.csv`: Vorgänge.
    10, transactions, "transactions.csv", "Bonkopf", "Vorgänge", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        BON_ID: Key(40), Free, must, "Vorgang";
        BON_NR: Number(0), Free, must, "Nummer des Vorgangs";
        BON_TYP: Key(30), OneOf(RECEIPT_KINDS), must, "Art des Vorgangs";
        BON_NAME: Text(60), Free, may, "eigene Bezeichnung der Art";
        TERMINAL_ID: Key(50), Free, may, "Eingabegerät";
        BON_STORNO: Key(1), Flag, must, "1: storniert";
        BON_START: Key(30), Moment, must, "Beginn";
        BON_ENDE: Key(30), Moment, must, "Ende";
        BEDIENER_ID: Key(50), Free, must, "Bediener";
        BEDIENER_NAME: Text(50), Free, may, "Name des Bedieners";
        UMS_BRUTTO: Number(2), Free, must, "Summe brutto";
        KUNDE_NAME: Text(50), Free, may, "Kunde";
        KUNDE_ID: Key(50), Free, may, "Kundennummer";
        KUNDE_TYP: Text(50), Free, may, "Art des Kunden";
        KUNDE_STRASSE: Text(60), Free, may, "Straße und Hausnummer";
        KUNDE_PLZ: Text(10), Free, may, "Postleitzahl";
        KUNDE_ORT: Text(62), Free, may, "Ort";
        KUNDE_LAND: Key(3), Country, may, "Land, drei Buchstaben";
        KUNDE_USTID: Key(15), Free, may, "Umsatzsteuer-Identifikationsnummer";
        BON_NOTIZ: Text(255), Free, may, "Bemerkung";
    ]
}

table! {
    /// `transactions_vat.csv`: Umsatzsteuer je Vorgang.
    11, transactions_vat, "transactions_vat.csv", "Bonkopf_USt", "Umsatzsteuer je Vorgang", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        BON_ID: Key(40), Free, must, "Vorgang";
        UST_SCHLUESSEL: Number(0), Free, must, "Steuerschlüssel";
        BON_BRUTTO: Number(5), Free, must, "brutto";
        BON_NETTO: Number(5), Free, must, "netto";
        BON_UST: Number(5), Free, must, "Umsatzsteuer";
    ]
}

table! {
    /// `allocation_groups.csv`: Abrechnungskreise je Vorgang.
    12, allocation_groups, "allocation_groups.csv", "Bonkopf_AbrKreis", "Abrechnungskreise je Vorgang", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        BON_ID: Key(40), Free, must, "Vorgang";
        ABRECHNUNGSKREIS: Key(50), Free, must, "Tisch oder anderer Abrechnungskreis";
    ]
}

table! {
    /// `datapayment.csv`: Zahlungen je Vorgang.
    13, datapayment, "datapayment.csv", "Bonkopf_Zahlarten", "Zahlungen je Vorgang", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        BON_ID: Key(40), Free, must, "Vorgang";
        ZAHLART_TYP: Key(25), OneOf(PAYMENT_KINDS), must, "Art der Zahlung";
        ZAHLART_NAME: Key(60), Free, may, "eigene Bezeichnung der Zahlung";
        ZAHLWAEH_CODE: Key(3), Currency, may, "Währung der Zahlung";
        ZAHLWAEH_BETRAG: Number(2), Free, may, "Betrag in dieser Währung";
        BASISWAEH_BETRAG: Number(2), Free, must, "Betrag in der Währung der Kasse";
    ]
}

table! {
    /// `lines.csv`: Positionen.
    14, lines, "lines.csv", "Bonpos", "Positionen", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        BON_ID: Key(40), Free, must, "Vorgang";
        POS_ZEILE: Key(50), Free, must, "Position";
        GUTSCHEIN_NR: Key(50), Free, may, "Nummer des Gutscheins";
        ARTIKELTEXT: Text(255), Free, may, "Text der Position";
        POS_TERMINAL_ID: Key(50), Free, may, "Eingabegerät der Position";
        GV_TYP: Key(30), OneOf(BUSINESS_CASES), must, "Art des Geschäftsvorfalls";
        GV_NAME: Key(40), Free, may, "eigene Bezeichnung der Art";
        INHAUS: Key(1), Flag, may, "1: Verzehr im Haus";
        P_STORNO: Key(1), Flag, must, "1: nimmt eine Position zurück";
        AGENTUR_ID: Number(0), Free, may, "Auftraggeber, für den verkauft wird";
        ART_NR: Key(50), Free, may, "Artikelnummer";
        GTIN: Key(50), Free, may, "Strichcode";
        WARENGR_ID: Key(40), Free, may, "Warengruppe";
        WARENGR: Text(50), Free, may, "Name der Warengruppe";
        MENGE: Number(3), Free, must, "Menge";
        FAKTOR: Number(3), Free, may, "Stück je Gebinde";
        EINHEIT: Text(50), Free, may, "Einheit";
        STK_BR: Number(5), Free, may, "Preis je Einheit, brutto";
    ]
}

table! {
    /// `lines_vat.csv`: Umsatzsteuer je Position.
    15, lines_vat, "lines_vat.csv", "Bonpos_USt", "Umsatzsteuer je Position", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        BON_ID: Key(40), Free, must, "Vorgang";
        POS_ZEILE: Key(50), Free, must, "Position";
        UST_SCHLUESSEL: Number(0), Free, must, "Steuerschlüssel";
        POS_BRUTTO: Number(5), Free, must, "brutto";
        POS_NETTO: Number(5), Free, must, "netto";
        POS_UST: Number(5), Free, must, "Umsatzsteuer";
    ]
}

table! {
    /// `itemamounts.csv`: Preisfindung je Position.
    16, itemamounts, "itemamounts.csv", "Bonpos_Preisfindung", "Preisfindung je Position", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        BON_ID: Key(40), Free, must, "Vorgang";
        POS_ZEILE: Key(50), Free, must, "Position";
        TYP: Key(20), OneOf(AMOUNT_KINDS), must, "Grundpreis, Nachlass oder Aufpreis";
        UST_SCHLUESSEL: Number(0), Free, must, "Steuerschlüssel";
        PF_BRUTTO: Number(5), Free, must, "brutto";
        PF_NETTO: Number(5), Free, must, "netto";
        PF_UST: Number(5), Free, must, "Umsatzsteuer";
    ]
}

table! {
    /// `subitems.csv`: Bestandteile je Position.
    17, subitems, "subitems.csv", "Bonpos_Zusatzinfo", "Bestandteile je Position", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        BON_ID: Key(40), Free, must, "Vorgang";
        POS_ZEILE: Key(50), Free, must, "Position";
        ZI_ART_NR: Key(50), Free, may, "Artikelnummer des Bestandteils";
        ZI_GTIN: Key(50), Free, may, "Strichcode des Bestandteils";
        ZI_NAME: Text(60), Free, may, "Bestandteil";
        ZI_WARENGR_ID: Key(40), Free, may, "Warengruppe";
        ZI_WARENGR: Text(50), Free, may, "Name der Warengruppe";
        ZI_MENGE: Number(3), Free, must, "Menge";
        ZI_FAKTOR: Number(3), Free, may, "Stück je Gebinde";
        ZI_EINHEIT: Text(50), Free, may, "Einheit";
        ZI_UST_SCHLUESSEL: Number(0), Free, may, "Steuerschlüssel";
        ZI_BASISPREIS_BRUTTO: Number(5), Free, may, "Grundpreis brutto";
        ZI_BASISPREIS_NETTO: Number(5), Free, may, "Grundpreis netto";
        ZI_BASISPREIS_UST: Number(5), Free, may, "Umsatzsteuer im Grundpreis";
    ]
}

table! {
    /// `references.csv`: Verweise zwischen Vorgängen.
    18, references, "references.csv", "Bon_Referenzen", "Verweise zwischen Vorgängen", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        BON_ID: Key(40), Free, must, "Vorgang";
        POS_ZEILE: Key(50), Free, may, "Position";
        REF_TYP: Key(20), OneOf(REFERENCE_KINDS), must, "Art des Verweises";
        REF_NAME: Text(40), Free, may, "eigene Bezeichnung der Art";
        REF_DATUM: Key(30), DayOrMoment, may, "Zeitpunkt dessen, worauf verwiesen wird";
        REF_Z_KASSE_ID: Key(50), Free, may, "Kasse, auf die verwiesen wird";
        REF_Z_NR: Number(0), Free, may, "Abschluss, auf den verwiesen wird";
        REF_BON_ID: Key(40), Free, must, "Vorgang oder Nummer, worauf verwiesen wird";
    ]
}

table! {
    /// `transactions_tse.csv`: Signaturen je Vorgang.
    19, transactions_tse, "transactions_tse.csv", "TSE_Transaktionen", "Signaturen je Vorgang", [
        Z_KASSE_ID: Key(50), Free, must, "Kasse, die abgeschlossen wurde";
        Z_ERSTELLUNG: Key(30), Moment, must, "Zeitpunkt des Abschlusses";
        Z_NR: Number(0), Free, must, "laufende Nummer des Abschlusses";
        BON_ID: Key(40), Free, must, "Vorgang";
        TSE_ID: Number(0), Free, may, "Sicherheitseinrichtung innerhalb des Abschlusses";
        TSE_TANR: Number(0), Free, may, "Nummer der Transaktion";
        TSE_TA_START: Key(30), Utc, may, "Zeit des Beginns nach der Sicherheitseinrichtung";
        TSE_TA_ENDE: Key(30), Utc, may, "Zeit des Endes nach der Sicherheitseinrichtung";
        TSE_TA_VORGANGSART: Key(30), OneOf(PROCESS_TYPES), may, "Art der Vorgangsdaten";
        TSE_TA_SIGZ: Number(0), Free, may, "Signaturzähler";
        TSE_TA_SIG: Key(512), Base64, may, "Signatur, Base64";
        TSE_TA_FEHLER: Text(200), Free, may, "Ausfall der Sicherheitseinrichtung";
        TSE_VORGANGSDATEN: Key(1000), Verbatim, may, "Vorgangsdaten, wie sie signiert wurden";
    ]
}

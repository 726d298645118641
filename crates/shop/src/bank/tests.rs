//! The bank's files: whole ones, wrong ones, and a thousand that nobody meant.

use domain::transfer::{Found, reference};
use money::Currency;

use super::*;

fn ours() -> String {
    reference([3, 1, 4, 1, 5, 9, 2, 6])
}

/// A transaction of a camt entry.
fn part(own: &str, purpose: &str) -> String {
    format!(
        "<TxDtls><Refs><AcctSvcrRef>{own}</AcctSvcrRef><EndToEndId>NOTPROVIDED</EndToEndId></Refs>\
         <RltdPties><Dbtr><Nm>Erika Mustermann</Nm></Dbtr></RltdPties><RmtInf>{purpose}</RmtInf></TxDtls>"
    )
}

fn ntry(amount: &str, more: &str, parts: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>\
         <BookgDt><Dt>2026-11-23</Dt></BookgDt>{more}<NtryDtls>{parts}</NtryDtls></Ntry>"
    )
}

fn camt(entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\">\
         <BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>1</MsgId></GrpHdr><Ntfctn><Id>N1</Id>{entries}</Ntfctn>\
         </BkToCstmrDbtCdtNtfctn></Document>"
    )
}

fn ustrd(text: &str) -> String {
    format!("<Ustrd>{text}</Ustrd>")
}

fn one(text: &str) -> Moved {
    let file = read(text.as_bytes()).expect("a file");
    assert_eq!(file.lines.len(), 1, "{:?}", file.lines);
    file.lines[0].says.clone().expect("a line")
}

fn problem(text: &str) -> LineProblem {
    let file = read(text.as_bytes()).expect("a file");
    file.lines[0].says.clone().expect_err("a problem")
}

#[test]
fn an_entry_of_camt_says_amount_day_and_reference_and_nothing_of_who_paid() {
    let text = camt(&ntry("18.90", "", &part("2026112300017", &ustrd(&ours()))));
    let moved = one(&text);
    assert_eq!((moved.amount.minor(), moved.currency, moved.back), (1_890, Currency::EUR, false));
    assert_eq!(moved.booked, Some("2026-11-23".parse().expect("a date")));
    assert_eq!(moved.found, Found::Reference(ours()));
    assert_eq!(moved.entry, "2026112300017");
    assert!(!format!("{moved:?}").contains("Mustermann"));
}

#[test]
fn a_reference_that_names_nothing_or_could_be_a_card_does_not_name_a_payment() {
    let other = reference([2, 7, 1, 8, 2, 8, 1, 8]);
    for own in ["NONREF", "nonref", "NOTPROVIDED", "NOTAVAIL", "4111111111111111"] {
        let entry = |text: &str| one(&camt(&ntry("18.90", "", &part(own, &ustrd(text))))).entry;
        let (first, second) = (entry(&ours()), entry(&other));
        assert_ne!(first, second, "{own}");
        assert_eq!(first, entry(&ours()), "{own}: the same payment in a second file");
        assert!(!first.contains(own), "{own}");
    }
}

#[test]
fn camt_053_with_a_prefix_and_a_coded_status_is_read_too() {
    let text = format!(
        "<ns:Document xmlns:ns=\"x\"><ns:BkToCstmrStmt><ns:Stmt><ns:Ntry><ns:Amt Ccy=\"EUR\">5.1</ns:Amt>\
         <ns:CdtDbtInd>CRDT</ns:CdtDbtInd><ns:Sts><ns:Cd>BOOK</ns:Cd></ns:Sts>\
         <ns:AddtlNtryInf>{}</ns:AddtlNtryInf></ns:Ntry></ns:Stmt></ns:BkToCstmrStmt></ns:Document>",
        ours()
    );
    let moved = one(&text);
    assert_eq!((moved.amount.minor(), moved.found), (510, Found::Reference(ours())));
}

#[test]
fn a_reference_that_the_bank_broke_over_two_lines_is_found() {
    let ours = ours();
    let (head, tail) = ours.split_at(7);
    for purpose in [
        format!("{}{}", ustrd(&format!("Danke {head}")), ustrd(&format!("{tail} Hofladen"))),
        ustrd(&format!("Rechnung &amp; Co {}", ours.to_lowercase())),
        format!("<Strd><CdtrRefInf><Ref>{ours}</Ref></CdtrRefInf></Strd>"),
        format!("<Ustrd><![CDATA[{ours}]]></Ustrd>"),
    ] {
        let moved = one(&camt(&ntry("1.00", "", &part("1", &purpose))));
        assert_eq!(moved.found, Found::Reference(ours.clone()), "{purpose}");
    }
}

#[test]
fn a_batch_has_a_line_for_each_transaction() {
    let amount = |own: &str, amount: &str| {
        part(own, &ustrd(&ours()))
            .replace("<RltdPties>", &format!("<Amt Ccy=\"EUR\">{amount}</Amt><RltdPties>"))
    };
    let text = camt(&ntry("3.00", "", &(amount("", "1.00") + &amount("", "2.00") + &part("", ""))));
    let file =
        read(text.replace("<Sts>", "<AcctSvcrRef>B7</AcctSvcrRef><Sts>").as_bytes()).expect("read");
    let said: Vec<_> = file
        .lines
        .iter()
        .map(|line| line.says.clone().map(|m| (m.amount.minor(), m.entry)))
        .collect();
    assert_eq!(
        said,
        [
            Ok((100, "B7/0".to_owned())),
            Ok((200, "B7/1".to_owned())),
            // The sum of a batch is nobody's amount.
            Err(LineProblem::BadAmount)
        ]
    );
}

#[test]
fn money_off_the_account_and_reversals_go_back() {
    let paid = ntry("1.00", "", &part("77", &ustrd(&ours())));
    for (from, to) in [
        ("CRDT", "DBIT"),
        ("<Sts>", "<RvslInd>true</RvslInd><Sts>"),
        ("<CdtDbtInd>CRDT</CdtDbtInd>", ""),
    ] {
        let moved = one(&camt(&paid.replacen(from, to, 1)));
        assert!(moved.back, "{to}");
        assert_eq!(moved.entry, "77/R", "not taken for the payment that it takes back");
    }
}

#[test]
fn what_is_only_announced_is_not_booked() {
    for status in ["PDNG", "INFO", "FUTR", ""] {
        let text = camt(&ntry("1.00", "", &part("1", "")).replace("BOOK", status));
        assert_eq!(problem(&text), LineProblem::NotBooked, "{status}");
    }
}

#[test]
fn a_line_that_cannot_be_read_to_the_cent_says_why() {
    for (amount, expected) in [
        ("", LineProblem::BadAmount),
        ("0.00", LineProblem::BadAmount),
        ("-5.00", LineProblem::BadAmount),
        ("1e3", LineProblem::BadAmount),
        ("1,50", LineProblem::BadAmount),
        ("1.005", LineProblem::BadAmount),
        ("99999999999999999999", LineProblem::BadAmount),
    ] {
        assert_eq!(problem(&camt(&ntry(amount, "", ""))), expected, "{amount}");
    }
    let text = camt(&ntry("1.00", "", ""));
    assert_eq!(problem(&text.replace("EUR", "€")), LineProblem::BadCurrency);
    assert_eq!(problem(&text.replace("2026-11-23", "2026-02-30")), LineProblem::BadDate);
    let yen = one(&text.replace("EUR", "JPY").replace("1.00", "1500.0"));
    assert_eq!(yen.amount.minor(), 1_500);
}

#[test]
fn entities_document_types_and_broken_xml_are_refused_before_anything_is_read() {
    let laughs = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;&lol;\">]>\
                  <Document><BkToCstmrStmt>&lol2;</BkToCstmrStmt></Document>";
    assert_eq!(read(laughs.as_bytes()), Err(FileFault::Entities));
    let file = "<Document><BkToCstmrStmt><x>&xxe;</x></BkToCstmrStmt></Document>";
    assert_eq!(read(file.as_bytes()), Err(FileFault::Entities));
    let whole = camt(&ntry("1.00", "", &part("1", &ustrd(&ours()))));
    for end in (1..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        assert!(read(&whole.as_bytes()[..end]).is_err(), "cut at {end}");
    }
    assert!(matches!(read(b"<a></b>"), Err(FileFault::BrokenXml { .. })));
    assert_eq!(read(b"<html><body/></html>"), Err(FileFault::NotCamt));
    let deep = "<a>".repeat(100_000);
    assert!(read(deep.as_bytes()).is_err());
    assert_eq!(read(b" \n "), Err(FileFault::Empty));
    assert_eq!(read(&vec![b' '; MAX_BYTES + 1]), Err(FileFault::TooLarge));
    assert!(matches!(read(b"<a>\xff</a>"), Err(FileFault::BrokenXml { at: 3 })));
}

#[test]
fn too_many_lines_are_too_large() {
    let text = camt(&"<Ntry></Ntry>".repeat(MAX_LINES + 1));
    assert_eq!(read(text.as_bytes()), Err(FileFault::TooLarge));
    let list = format!("Betrag;Verwendungszweck\n{}", "1,00;x\n".repeat(MAX_LINES + 1));
    assert_eq!(read(list.as_bytes()), Err(FileFault::TooLarge));
}

#[test]
fn lists_of_german_banks_are_read_by_their_head_lines() {
    let ours = ours();
    let savings = format!(
        "\"Auftragskonto\";\"Buchungstag\";\"Valutadatum\";\"Buchungstext\";\"Verwendungszweck\";\"Kundenreferenz (End-to-End)\";\"Beguenstigter/Zahlungspflichtiger\";\"Betrag\";\"Waehrung\";\"Info\"\n\
         \"DE89\";\"23.11.26\";\"23.11.26\";\"GUTSCHR. UEBERW.\";\"{ours}\";\"NOTPROVIDED\";\"Erika Mustermann\";\"1.018,90\";\"EUR\";\"Umsatz gebucht\"\n"
    );
    let cooperative = format!(
        "Bezeichnung Auftragskonto;IBAN Auftragskonto;Buchungstag;Valutadatum;Name Zahlungsbeteiligter;Buchungstext;Verwendungszweck;Betrag;Waehrung;Saldo nach Buchung\n\
         Laden;DE89;23.11.2026;23.11.2026;Erika Mustermann;Gutschrift;{ours};1018,90;EUR;5000,00\n"
    );
    let direct = format!(
        "\u{feff}Girokonto;DE89\nZeitraum;01.11.2026 - 30.11.2026\n\nBuchung;Wertstellungsdatum;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung\n\
         23.11.2026;23.11.2026;Erika Mustermann;Gutschrift;{ours};5.000,00;EUR;1.018,90;EUR\n"
    );
    let other = format!(
        "\"Booking Date\",\"Value Date\",\"Partner Name\",\"Payment Reference\",\"Amount (EUR)\"\n\
         2026-11-23,2026-11-23,\"Erika Mustermann\",\"{ours}\",1018.90\n"
    );
    let columns = format!(
        "Buchungstag;Verwendungszweck;Soll;Haben;Währung\n23.11.2026;{ours};;1.018,90;EUR\n"
    );
    for text in [savings, cooperative, direct, other, columns] {
        let moved = one(&text);
        assert_eq!(
            (moved.amount.minor(), moved.currency, moved.back),
            (101_890, Currency::EUR, false),
            "{text}"
        );
        assert_eq!(moved.booked, Some("2026-11-23".parse().expect("a date")), "{text}");
        assert_eq!(moved.found, Found::Reference(ours.clone()), "{text}");
        assert!(!format!("{moved:?}").contains("Mustermann"));
    }
}

#[test]
fn a_column_says_which_way_an_amount_went() {
    let list = |amount: &str, mark: &str| {
        format!(
            "Buchungstag;Vorgang/Verwendungszweck;Umsatz;Währung;Soll/Haben\n23.11.2026;{};{amount};EUR;{mark}\n",
            ours()
        )
    };
    for (amount, mark, back) in [
        ("18,90", "H", false),
        ("18,90", "S", true),
        ("-18,90", "S", true),
        ("18,90", "Haben", false),
    ] {
        let moved = one(&list(amount, mark));
        assert_eq!((moved.amount.minor(), moved.back), (1_890, back), "{amount} {mark}");
        assert_eq!(moved.found, Found::Reference(ours()));
    }
    for (amount, mark) in [("18,90", ""), ("18,90", "?"), ("-18,90", "H")] {
        assert_eq!(problem(&list(amount, mark)), LineProblem::BadAmount, "{amount} {mark}");
    }
}

#[test]
fn a_list_in_windows_1252_is_read() {
    let (bytes, ..) = encoding_rs::WINDOWS_1252
        .encode("Buchungstag;Verwendungszweck;Betrag;Währung\n23.11.2026;Süß;1,00;EUR\n");
    let file = read(&bytes).expect("read");
    assert!(file.lines[0].says.is_ok());
}

#[test]
fn lines_of_a_list_say_what_is_wrong_with_them() {
    let line =
        |cells: &str| format!("Buchungstag;Verwendungszweck;Betrag;Waehrung;Status\n{cells}\n");
    for (cells, expected) in [
        ("23.11.2026;x;1.234;EUR;", LineProblem::BadAmount),
        ("23.11.2026;x;zehn;EUR;", LineProblem::BadAmount),
        ("23.11.2026;x;0,00;EUR;", LineProblem::BadAmount),
        ("23.11.2026;x;1,00;Euro;", LineProblem::BadCurrency),
        ("31.02.2026;x;1,00;EUR;", LineProblem::BadDate),
        ("23.11.2026;x;1,00;EUR;Vorgemerkt", LineProblem::NotBooked),
        ("23.11.2026;x", LineProblem::RaggedLine),
    ] {
        assert_eq!(problem(&line(cells)), expected, "{cells}");
    }
    let off = one(&line("23.11.2026;x;-1.000,50 €;EUR;"));
    assert_eq!((off.amount.minor(), off.back), (100_050, true));
    assert_eq!(read(b"Name;Preis\nx;1\n"), Err(FileFault::NoColumns));
    assert_eq!(read(b"just some words"), Err(FileFault::NoColumns));
}

#[test]
fn lines_that_look_the_same_are_two_payments_and_keep_their_names_in_a_longer_file() {
    let row = "23.11.2026;x;1,00\n";
    let head = "Buchungstag;Verwendungszweck;Betrag\n";
    let entries = |text: String| -> Vec<String> {
        let file = read(text.as_bytes()).expect("read");
        file.lines.into_iter().map(|line| line.says.expect("a line").entry).collect()
    };
    let twice = entries(format!("{head}{row}{row}"));
    assert_ne!(twice[0], twice[1]);
    let more = entries(format!("{head}24.11.2026;y;2,00\n{row}{row}"));
    assert_eq!(twice, more[1..]);
}

/// A generator of numbers that is the same everywhere (SplitMix64).
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).expect("fits")).expect("fits")
    }
}

#[test]
fn a_thousand_files_that_nobody_meant_are_read_without_a_panic() {
    let real = [
        camt(&ntry("18.90", "<RvslInd>true</RvslInd>", &part("7", &ustrd(&ours())))),
        format!(
            "Buchungstag;Verwendungszweck;Betrag;Währung\n23.11.2026;{};-1.018,90;EUR\n",
            ours()
        ),
        "<!DOCTYPE a [<!ENTITY b \"c\">]><Document>&b;&#x110000;</Document>".to_owned(),
    ];
    let mut readable = 0;
    for seed in 0..1_000 {
        let mut random = Seeded(seed);
        let mut bytes = match random.below(5) {
            kind @ 0..=2 => real[kind].clone().into_bytes(),
            3 => real[0].repeat(2).into_bytes(),
            _ => (0..random.below(400)).map(|_| random.next().to_le_bytes()[0]).collect(),
        };
        for _ in 0..random.below(6) {
            let at = random.below(bytes.len().max(1));
            match (bytes.get_mut(at), random.below(3)) {
                (Some(byte), 0) => *byte = random.next().to_le_bytes()[0],
                (Some(_), 1) => drop(bytes.drain(at..(at + random.below(20)).min(bytes.len()))),
                (Some(_), _) => bytes.insert(at, b"<>&;\"',.-/"[random.below(10)]),
                (None, _) => {}
            }
        }
        fuzz_one(&bytes);
        readable += usize::from(read(&bytes).is_ok());
    }
    assert!(readable > 100, "most of them must get past the first check: {readable}");
}

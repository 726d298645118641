//! Closings as an adviser's files.

use fiscal::de::datev::{
    Account, Accounts, Chart, Closing, Figure, Purpose, Refused, Settings, cash_book, columns,
    export,
};
use jiff::civil::{Date, date};
use money::Money;
use proptest::prelude::*;

fn settings(chart: Chart) -> Settings {
    Settings {
        adviser: 29_098,
        client: 55_003,
        year_begins: date(2026, 1, 1),
        digits: 4,
        chart,
        accounts: Accounts::standard(chart, 4),
        fixed: false,
        label: "Kasse Juli".to_owned(),
        created: date(2026, 8, 1).at(9, 5, 7, 12_000_000),
    }
}

fn figure(purpose: Purpose, cents: i64, words: &str) -> Figure {
    Figure { purpose, cash: Money::new(cents), words: words.to_owned(), account: None }
}

fn closing(day: Date, number: u64, figures: Vec<Figure>) -> Closing {
    Closing { till: "Kasse 1".to_owned(), number, day, figures }
}

fn day() -> Closing {
    closing(
        date(2026, 7, 9),
        42,
        vec![
            figure(Purpose::Sales(1, 1_900), 11_900, ""),
            figure(Purpose::Sales(2, 700), -1_070, ""),
            figure(Purpose::Sales(6, 0), 0, ""),
            figure(Purpose::Transit, -5_005, "EC-Karte"),
            figure(Purpose::PrivateOut, -2_000, ""),
        ],
    )
}

/// Fields of a line; the files hold no line breaks within a field.
fn fields(line: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut inside = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if inside && chars.peek() == Some(&'"') => {
                chars.next();
                all.last_mut().unwrap().push('"');
            }
            '"' => inside = !inside,
            ';' if !inside => all.push(String::new()),
            c => all.last_mut().unwrap().push(c),
        }
    }
    assert!(!inside, "{line}");
    all
}

fn text(bytes: &[u8]) -> String {
    let (text, _, broken) = encoding_rs::WINDOWS_1252.decode(bytes);
    assert!(!broken);
    text.into_owned()
}

#[test]
fn a_day_is_booked_by_rate_and_by_way_of_payment() {
    let files = export(&settings(Chart::Skr03), &[day()]).unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].name, "EXTF_Buchungsstapel_20260709_20260709_1.csv");
    assert_eq!(files[0].rows, 4, "zero is not booked");
    let text = text(&files[0].bytes);
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(
        lines[0],
        "\"EXTF\";700;21;\"Buchungsstapel\";13;20260801090507012;;\"RE\";\"\";\"\";29098;55003;20260101;4;\
         20260709;20260709;\"Kasse Juli\";\"\";1;0;0;\"EUR\";;\"\";;;\"03\";;;\"\";\"\""
    );
    let rows: Vec<Vec<String>> = lines[2..].iter().map(|line| fields(line)).collect();
    let seen: Vec<[&str; 8]> = rows
        .iter()
        .map(|row| [0, 1, 6, 7, 8, 9, 10, 13].map(|at: usize| row[at].as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ["119,00", "S", "1000", "8400", "", "0907", "Kasse-1-Z42", "Umsatz 19 % Kasse 1 Z 42"],
            ["10,70", "H", "1000", "8300", "", "0907", "Kasse-1-Z42", "Umsatz 7 % Kasse 1 Z 42"],
            ["50,05", "H", "1000", "1360", "", "0907", "Kasse-1-Z42", "EC-Karte Kasse 1 Z 42"],
            [
                "20,00",
                "H",
                "1000",
                "1800",
                "",
                "0907",
                "Kasse-1-Z42",
                "Privatentnahme Kasse 1 Z 42"
            ],
        ]
    );
    for row in lines.iter().skip(1) {
        assert_eq!(fields(row).len(), 125);
    }
    assert!(rows.iter().all(|row| row[2] == "EUR" && row[113] == "0"));
}

#[test]
fn the_columns_are_125_with_their_names_at_their_places() {
    let names = columns::names();
    assert_eq!(names.len(), columns::COLUMNS);
    for (at, name) in [
        (1, "Umsatz (ohne Soll/Haben-Kz)"),
        (14, "Buchungstext"),
        (21, "Beleginfo - Art 1"),
        (36, "Beleginfo - Inhalt 8"),
        (37, "KOST1 - Kostenstelle"),
        (47, "BU 49 Funktionsergänzung"),
        (48, "Zusatzinformation - Art 1"),
        (87, "Zusatzinformation- Inhalt 20"),
        (88, "Stück"),
        (114, "Festschreibung"),
        (116, "Datum Zuord. Steuerperiode"),
        (125, "Abw. Skontokonto"),
    ] {
        assert_eq!(names[at - 1], name, "column {at}");
    }
    // Columns of text stand in quotation marks even when they are empty.
    let files = export(&settings(Chart::Skr03), &[day()]).unwrap();
    let text = text(&files[0].bytes);
    let row = text.lines().nth(2).unwrap();
    for (at, field) in (1..).zip(row.split(';')) {
        assert_eq!(field.starts_with('"'), columns::is_text(at), "column {at}: {field}");
    }
}

#[test]
fn charts_and_lengths_of_accounts_have_their_standard_numbers() {
    let skr04 = Accounts::standard(Chart::Skr04, 6);
    assert_eq!(skr04.cash, 160_000);
    let number = |purpose| skr04.of(purpose).map(|account| account.number);
    assert_eq!(number(Purpose::Sales(1, 1_900)), Some(440_000));
    assert_eq!(number(Purpose::Sales(2, 700)), Some(430_000));
    assert_eq!(number(Purpose::Transit), Some(146_000));
    assert_eq!(number(Purpose::Difference), Some(630_000));
    assert_eq!(number(Purpose::Sales(1, 1_600)), None, "the adviser says which");
    let mut settings = settings(Chart::Skr04);
    settings.digits = 6;
    settings.accounts = skr04;
    settings.fixed = true;
    let sales7 = Account { number: 430_000, key: Some(2) };
    settings.accounts.others.insert(Purpose::Sales(2, 700), sales7);
    let text = text(&export(&settings, &[day()]).unwrap()[0].bytes);
    assert!(text.contains(";\"04\";;;\"\";\"\"\r\n"));
    assert!(text.contains("10,70;\"H\";\"EUR\";;;\"\";160000;430000;\"0002\";0907;"));
    assert_eq!(fields(text.lines().nth(3).unwrap())[113], "1");
}

#[test]
fn what_has_no_account_or_does_not_fit_is_refused_by_name() {
    let good = settings(Chart::Skr03);
    let difference = closing(date(2026, 7, 9), 1, vec![figure(Purpose::Sales(3, 780), -5, "")]);
    assert_eq!(
        export(&good, std::slice::from_ref(&difference)),
        Err(Refused::NoAccount(Purpose::Sales(3, 780)))
    );
    assert!(cash_book::export(&good.accounts, &[difference]).is_err());
    let large =
        closing(date(2026, 7, 9), 1, vec![figure(Purpose::Sales(2, 700), 1_000_000_000_000, "")]);
    assert_eq!(export(&good, &[large]), Err(Refused::Amount));
    for (bad, refused) in [
        (Settings { adviser: 1_000, ..good.clone() }, Refused::Setting("adviser")),
        (Settings { client: 0, ..good.clone() }, Refused::Setting("client")),
        (Settings { digits: 3, ..good.clone() }, Refused::Setting("digits")),
        (
            Settings { accounts: Accounts::standard(Chart::Skr03, 5), ..good.clone() },
            Refused::Account(10_000),
        ),
    ] {
        assert_eq!(export(&bad, &[day()]), Err(refused));
    }
    assert_eq!(export(&good, &[]), Ok(Vec::new()));
}

#[test]
fn a_file_holds_one_business_year_and_at_most_99_999_postings() {
    let mut settings = settings(Chart::Skr03);
    settings.year_begins = date(2020, 7, 1);
    let of = |day| closing(day, 1, vec![figure(Purpose::Sales(1, 1_900), 100, "")]);
    let closings = [of(date(2026, 7, 1)), of(date(2026, 6, 30)), of(date(2025, 7, 1))];
    let files = export(&settings, &closings).unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "EXTF_Buchungsstapel_20250701_20260630_1.csv",
            "EXTF_Buchungsstapel_20260701_20260701_2.csv"
        ]
    );
    let begins: Vec<String> = files
        .iter()
        .map(|file| fields(text(&file.bytes).lines().next().unwrap())[12].clone())
        .collect();
    assert_eq!(begins, ["20250701", "20260701"]);

    let many: Vec<Figure> =
        (0..100_000).map(|n| figure(Purpose::Sales(1, 1_900), n + 1, "")).collect();
    let files = export(&settings, &[closing(date(2026, 7, 9), 1, many)]).unwrap();
    let rows: Vec<usize> = files.iter().map(|file| file.rows).collect();
    assert_eq!(rows, [99_999, 1]);
    assert_ne!(files[0].name, files[1].name);
}

#[test]
fn letters_that_windows_1252_lacks_lose_their_accents() {
    let mut day = day();
    day.till = "Käse \"Dvořák\" 日\n€".to_owned();
    let files = export(&settings(Chart::Skr03), &[day]).unwrap();
    let text = text(&files[0].bytes);
    let row = fields(text.lines().nth(2).unwrap());
    assert_eq!(row[13], "Umsatz 19 % Käse \"Dvorák\" ?€ Z 42");
    assert_eq!(row[10], "Kase--Dvorak------Z42");
}

#[test]
fn the_cash_book_has_a_row_for_each_movement_with_its_sign() {
    let files = cash_book::export(&Accounts::standard(Chart::Skr03, 4), &[day()]).unwrap();
    assert_eq!(
        files,
        [concat!(
            "\"Währung\";\"VorzBetrag\";\"RechNr\";\"BelegDatum\";\"Belegtext\";\"UStSatz\";\"BU\";\"Gegenkonto\";",
            "\"Kost1\";\"Kost2\";\"Kostmenge\";\"Skonto\";\"Nachricht\"\r\n",
            "\"EUR\";+119,00;\"Kasse-1-Z42\";0907;\"Umsatz 19 % Kasse 1 Z 42\";19,00;;8400;;;;;\r\n",
            "\"EUR\";-10,70;\"Kasse-1-Z42\";0907;\"Umsatz 7 % Kasse 1 Z 42\";7,00;;8300;;;;;\r\n",
            "\"EUR\";-50,05;\"Kasse-1-Z42\";0907;\"EC-Karte Kasse 1 Z 42\";;;1360;;;;;\r\n",
            "\"EUR\";-20,00;\"Kasse-1-Z42\";0907;\"Privatentnahme Kasse 1 Z 42\";;;1800;;;;;\r\n",
        )]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn both_files_move_the_cash_account_by_what_the_closings_did(
        cents in proptest::collection::vec(-1_000_000_i64..1_000_000, 0..20),
        till in "\\PC{0,50}",
        words in "\\PC{0,80}",
    ) {
        let purposes = [Purpose::Sales(1, 1_900), Purpose::Sales(2, 700), Purpose::Transit, Purpose::PrivateOut];
        let figures = cents.iter().zip(purposes.iter().cycle())
            .map(|(cents, purpose)| figure(*purpose, *cents, &words)).collect();
        let closing = Closing { till, number: 7, day: date(2026, 2, 28), figures };
        let settings = settings(Chart::Skr04);
        let files = export(&settings, std::slice::from_ref(&closing)).unwrap();
        let mut sum = 0_i64;
        for file in &files {
            for row in text(&file.bytes).split_terminator("\r\n").skip(2) {
                let row = fields(row);
                prop_assert_eq!(row.len(), 125);
                prop_assert!(row[13].chars().count() <= 60 && row[10].chars().count() <= 36);
                let cents: i64 = row[0].replace(',', "").parse().unwrap();
                prop_assert!(cents > 0);
                sum += if row[1] == "S" { cents } else { -cents };
            }
        }
        prop_assert_eq!(sum, cents.iter().sum::<i64>());
        let book = cash_book::export(&settings.accounts, &[closing]).unwrap();
        let rows = book.iter().flat_map(|file| file.split_terminator("\r\n").skip(1));
        let booked: i64 = rows.map(|row| fields(row)[1].replace(',', "").parse::<i64>().unwrap()).sum();
        prop_assert_eq!(booked, sum);
    }
}

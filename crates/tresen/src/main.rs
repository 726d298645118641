//! `tresen`: the one program. It prints to the terminal; everything else happens in `shop`.

mod anchor;
mod audit;
mod bank;
mod counter;
mod datev;
mod demo;
mod dep7;
mod dsfinvk;
mod import_words;
mod messages;
mod proof;
mod random;
mod record;
mod say;
mod serve;
mod signed;
mod simulate;
mod stands;
mod tar;
mod transfer;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use payment::serial::Serial;
use payment::simulator::adyen::Cloud;

use say::Language;

/// Tresen, an open point of sale.
#[derive(Parser)]
#[command(name = "tresen", version, about = "Tresen – offenes Kassensystem · open point of sale")]
struct Cli {
    /// Sprache der Meldungen · language of messages (de, en)
    #[arg(long, global = true, default_value = "de")]
    language: Language,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Ein Laden zum Ausprobieren, mit simulierten Geräten · a shop to try, with simulated devices
    Demo {
        /// Adresse · address
        #[arg(long, default_value = "127.0.0.1:7070")]
        listen: SocketAddr,
        /// Ordner der Daten · folder of its data
        #[arg(long, default_value = ".demo")]
        data: PathBuf,
        /// Von vorn beginnen · begin anew
        #[arg(long)]
        fresh: bool,
        /// Ein Jahr Verkäufe erzeugen · make a year of past sales
        #[arg(long)]
        year: bool,
        /// Zufallszahl des Ladens · seed of the shop
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Den Laden betreiben · run the shop
    Run {
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
        /// Adresse · address
        #[arg(long, default_value = "127.0.0.1:7070")]
        listen: SocketAddr,
        /// Weitere Namen, unter denen der Laden erreichbar ist · further host names
        #[arg(long)]
        host: Vec<String>,
        /// Eigene Adresse für die Seiten digitaler Belege, sonst nichts · an address of its own for pages of digital receipts,
        /// with nothing else there
        #[arg(long, value_name = "ADDRESS")]
        receipts: Option<SocketAddr>,
    },
    /// Artikel aus CSV übernehmen, oder Zahlungen der Bank · import items from CSV, or what the bank says
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Import {
        #[command(subcommand)]
        what: Option<Imported>,
        /// CSV
        #[arg(required = true)]
        csv: Option<PathBuf>,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
        /// Fehlerhafte Zeilen auslassen · leave lines with errors out
        #[arg(long)]
        keep_good: bool,
    },
    /// Artikel als CSV ausgeben, oder Kassendaten für das Finanzamt · export items as CSV, or a tax audit's data
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Export {
        #[command(subcommand)]
        what: Option<Exported>,
        /// Zieldatei · target
        #[arg(required = true)]
        csv: Option<PathBuf>,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
    },
    /// Das Journal prüfen, oder was eine Signatureinheit signiert hat · verify the journal, or what a signing unit signed
    Verify {
        /// Datei des Ladens, sonst shop.sqlite · the shop's file, else shop.sqlite
        #[arg(long)]
        file: Option<PathBuf>,
        /// Auch alle Tabellen mit dem Journal vergleichen · also compare every table with the journal
        #[arg(long)]
        tables: bool,
        /// Ein anderswo notierter Kopf: SEQ:HASH, eine Datei mit solchen Zeilen oder eine Sicherung · a head
        /// noted elsewhere: SEQ:HASH, a file of such lines, or a backup
        #[arg(long, value_name = "FILE|SEQ:HASH")]
        anchor: Vec<String>,
        /// Statt des Journals den Code eines Belegs prüfen; - liest Zeilen · instead of the journal, verify the code on a
        /// receipt; - reads lines
        #[arg(long, value_name = "TEXT|-", conflicts_with_all = ["tables", "anchor", "tar"])]
        qr: Vec<String>,
        /// Statt des Journals einen Export nach DSFinV-K prüfen · instead of the journal, verify an export by DSFinV-K
        #[arg(long, value_name = "ZIP", conflicts_with_all = ["tables", "anchor", "tar", "qr"])]
        dsfinvk: Option<PathBuf>,
        /// Statt des Journals einen DEP-Export nach RKSV prüfen · instead of the journal, verify a DEP export by the RKSV
        #[arg(long, value_name = "FILE", conflicts_with_all = ["tables", "anchor", "tar", "qr", "dsfinvk"])]
        dep7: Option<PathBuf>,
        /// Der Schlüssel des Umsatzzählers: Base64, oder die Schlüsseldatei dazu; ohne ihn wird der Zähler nicht geprüft · the
        /// key of the turnover counter: Base64, or the file of keys beside the export; without it the counter is not checked
        #[arg(long, value_name = "KEY|FILE", requires = "dep7")]
        key: Option<String>,
        /// Statt des Journals den TAR-Export einer Signatureinheit prüfen · instead of the journal, verify the TAR export of
        /// a signing unit
        #[arg(long, value_name = "FILE", conflicts_with_all = ["tables", "anchor"])]
        tar: Option<PathBuf>,
        /// Statt des Journals den Nachweis eines Tages prüfen, mit --file auch gegen das Journal · instead of the
        /// journal, verify the proof of a day, with --file against the journal as well
        #[arg(long, value_name = "FILE", conflicts_with_all = ["tables", "anchor", "tar", "qr", "dsfinvk"])]
        proof: Option<PathBuf>,
        /// Der Export hat nicht alles: Lücken sind erlaubt · the export does not hold everything: gaps are allowed
        #[arg(long, requires = "tar")]
        part: bool,
    },
    /// Alle Tabellen aus dem Journal neu aufbauen · make every table anew from the journal
    Rebuild {
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
    },
    /// Sicherung schreiben, auch im laufenden Betrieb · write a backup, also while the shop sells
    Backup {
        /// Zieldatei · target
        to: PathBuf,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
    },
    /// Sicherung zurückspielen · put a backup back
    Restore {
        /// Sicherung · the backup
        from: PathBuf,
        /// Neue Datei des Ladens · the shop's new file
        to: PathBuf,
    },
    /// Digitale Belege verschlüsselt aufbewahren, auf einem Rechner außerhalb · keep digital receipts encrypted, on a host
    /// outside
    Receipts {
        /// Adresse · address
        #[arg(long, default_value = "127.0.0.1:7081")]
        listen: SocketAddr,
        /// Ordner · folder
        #[arg(long, default_value = "receipts")]
        data: PathBuf,
        /// Höchstens so viele MiB · at most so many MiB
        #[arg(long, default_value_t = 10_240)]
        most: u64,
        /// Statt zu laufen: ein Token für ein Geschäft ausgeben · instead of running: give a token out for a shop
        #[arg(long, value_name = "NAME")]
        new_token: Option<String>,
    },
    /// Geräte simulieren · simulate devices
    Simulate {
        #[command(subcommand)]
        device: Device,
    },
}

#[derive(Subcommand)]
enum Imported {
    /// Kontoumsätze (camt.052/053/054 oder CSV) · movements of the bank account (camt.052/053/054 or CSV)
    Bank {
        /// Datei der Bank · the bank's file
        from: PathBuf,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum Exported {
    /// Nachweis der Vollständigkeit aller Kassen eines Tages, signiert · proof of completeness of all tills on a
    /// date, signed
    Proof {
        /// Kassentag · date of the till days (2026-01-31)
        #[arg(long)]
        date: jiff::civil::Date,
        /// Zieldatei · target
        target: PathBuf,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
    },
    /// Alle Belege einer Kasse nach RKSV (DEP7, Österreich) · all receipts of a till by the RKSV (DEP7, Austria)
    Dep7 {
        /// Nummer der Kasse · number of the till
        #[arg(long)]
        till: u16,
        /// Frühere Kassen-ID statt der von heute · an earlier name of the till instead of today's
        #[arg(long)]
        register: Option<String>,
        /// Auch die Schlüssel für das Prüftool des BMF; sie sind geheim · also the keys for the ministry's checking tool;
        /// they are secret
        #[arg(long, value_name = "FILE")]
        keys: Option<PathBuf>,
        /// Zieldatei · target
        json: PathBuf,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
        /// Auch ausgeben, was nicht stimmt; es ist dann ungeprüft · write what is wrong as well; it is not verified then
        #[arg(long)]
        anyway: bool,
    },
    /// Kassendaten nach DSFinV-K, als ZIP · a tax audit's data by DSFinV-K, as a ZIP
    Dsfinvk {
        /// Erster Kassentag · first till day (2026-01-01)
        #[arg(long)]
        from: jiff::civil::Date,
        /// Letzter Kassentag · last till day (2026-12-31)
        #[arg(long)]
        to: jiff::civil::Date,
        /// Zieldatei · target
        zip: PathBuf,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
        /// Auch ausgeben, was sich widerspricht · write what contradicts itself as well
        #[arg(long)]
        anyway: bool,
    },
    /// Was eine Signatureinheit signiert hat, als TAR · what a signing unit signed, as a TAR
    Tar {
        /// Nummer der Einheit · the unit's number
        #[arg(long)]
        unit: u16,
        /// Erster Tag · first day (2026-01-01)
        #[arg(long)]
        from: Option<jiff::civil::Date>,
        /// Letzter Tag · last day (2026-12-31)
        #[arg(long)]
        to: Option<jiff::civil::Date>,
        /// Zieldatei · target
        tar: PathBuf,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
    },
    /// Kassenabschlüsse als Buchungsstapel für DATEV · closings as postings for DATEV
    Datev {
        /// Erster Kassentag · first till day (2026-01-01)
        #[arg(long)]
        from: jiff::civil::Date,
        /// Letzter Kassentag · last till day (2026-12-31)
        #[arg(long)]
        to: jiff::civil::Date,
        /// Zieldatei · target
        csv: PathBuf,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
    },
    /// Änderungen von Preisen, Sätzen, Einstellungen und Personen, als CSV · changes of prices, rates, settings and people, as CSV
    Changes {
        /// Erster Tag · first day
        #[arg(long)]
        from: Option<jiff::civil::Date>,
        /// Letzter Tag · last day
        #[arg(long)]
        to: Option<jiff::civil::Date>,
        /// Zieldatei · target
        target: PathBuf,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
    },
    /// Verfahrensdokumentation, .html oder .pdf · documentation of procedures, .html or .pdf
    Procedures {
        /// Zieldatei · target
        target: PathBuf,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
    },
    /// Datenblatt zur Mitteilung nach § 146a Abs. 4 AO, .html, .pdf oder .xml (nicht ELSTER) · data sheet for the tax office
    Notification {
        /// Zieldatei · target
        target: PathBuf,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
    },
    /// Aufbewahrungsfristen, .html oder .pdf · retention periods, .html or .pdf
    Retention {
        /// Zieldatei · target
        target: PathBuf,
        /// Datei des Ladens · the shop's file
        #[arg(long, default_value = "shop.sqlite")]
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum Device {
    /// Eine Signaturerstellungseinheit von A-Trust (a.sign RK HSM, Österreich) · a signature device of A-Trust (a.sign RK
    /// HSM, Austria)
    Atrust {
        /// Ihre Adresse · its address
        #[arg(long, default_value = "127.0.0.1:8011")]
        listen: SocketAddr,
    },
    /// Eine TSE von fiskaly in der Cloud (SIGN DE v2) · a signing unit of fiskaly in the cloud (SIGN DE v2)
    Fiskaly {
        /// Ihre Adresse · its address
        #[arg(long, default_value = "127.0.0.1:8010")]
        listen: SocketAddr,
        /// Ihr Speicher · its memory
        #[arg(long, default_value = "fiskaly.tse")]
        file: PathBuf,
        /// Es gibt noch keine TSE: das Büro legt sie an · there is no unit yet: the office makes it
        #[arg(long)]
        new: bool,
    },
    /// Eine TSE von Epson im eigenen Netz · a signing unit of Epson in one's own network
    Epson {
        /// Ihre Adresse · its address
        #[arg(long, default_value = "127.0.0.1:8009")]
        listen: SocketAddr,
        /// Ihr Speicher · its memory
        #[arg(long, default_value = "epson.tse")]
        file: PathBuf,
        /// Frisch aus der Schachtel: das Büro richtet sie ein · out of its box: the office sets it up
        #[arg(long)]
        new: bool,
    },
    /// Ein Mailserver, der nichts zustellt und zeigt, was kam · a mail server that delivers nothing and shows what came
    Mail(messages::MailArgs),
    /// Ein SMS-Anbieter mit Telefon · a gateway of text messages with a telephone
    Sms(messages::SmsArgs),
    /// Ein Bondrucker (ESC/POS) mit Seite · a receipt printer (ESC/POS) with a page
    Printer {
        /// Was er versteht · what it understands
        #[arg(long, value_enum, default_value_t = simulate::Speaks::EscPos)]
        protocol: simulate::Speaks,
        /// Adresse des Druckers · the printer's address
        #[arg(long, default_value = "127.0.0.1:9100")]
        listen: SocketAddr,
        /// Adresse der Seite · the page's address
        #[arg(long, default_value = "127.0.0.1:9180")]
        page: SocketAddr,
    },
    /// Ein Scanner mit Seite, an der man scannt · a scanner with a page to scan at
    Scanner {
        /// Adresse des Scanners · the scanner's address
        #[arg(long, default_value = "127.0.0.1:9200")]
        listen: SocketAddr,
        /// Adresse der Seite · the page's address
        #[arg(long, default_value = "127.0.0.1:9280")]
        page: SocketAddr,
        /// Auch an einer seriellen Schnittstelle, deren Namen er sagt · at a serial port as well, whose name it says
        #[arg(long)]
        serial: bool,
    },
    /// Eine Kassenwaage mit Seite, auf der man Ware auflegt · a checkout scale with a page to put goods on
    Scale(stands::ScaleArgs),
    /// Eine Kundenanzeige mit zwei Zeilen · a customer display of two lines
    Display(stands::DisplayArgs),
    /// Ein Bezahlautomat mit Seite, auf der man Münzen einwirft · a cash machine with a page to put coins in
    CashMachine(stands::CashMachineArgs),
    /// Ein Etikettendrucker (ZPL) mit Seite · a label printer (ZPL) with a page
    LabelPrinter(stands::LabelPrinterArgs),
    /// Ein Kartenterminal mit Seite, auf der man den Kunden spielt · a card terminal with a page to play the customer
    Terminal {
        /// Sprache des Terminals · the terminal's protocol
        #[arg(long, value_enum, default_value_t = Protocol::Zvt)]
        protocol: Protocol,
        /// Adresse des Terminals, sonst 127.0.0.1:20007, bei Adyen 127.0.0.1:8443, in der Cloud 8444, bei SumUp 8445 ·
        /// the terminal's address, else 127.0.0.1:20007, at Adyen's 127.0.0.1:8443, in the cloud 8444, at SumUp's 8445
        #[arg(long)]
        listen: Option<SocketAddr>,
        /// Adresse der Seite · the page's address
        #[arg(long, default_value = "127.0.0.1:20080")]
        page: SocketAddr,
        /// Kunden kommen von selbst, nach so vielen Millisekunden · customers come by themselves, after so many
        /// milliseconds
        #[arg(long, value_name = "MILLIS")]
        automatic: Option<u64>,
        /// Ein ZVT-Terminal auch an dieser seriellen Schnittstelle · a ZVT terminal at this serial port as well
        #[arg(long, value_name = "PATH")]
        serial: Option<String>,
        /// Ihre Geschwindigkeit, 9600 oder 115200 · its rate, 9600 or 115200
        #[arg(long, default_value_t = 9_600)]
        rate: u32,
    },
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Protocol {
    /// ZVT über TCP · ZVT over TCP
    Zvt,
    /// ZVT über TLS, mit eigenem Zertifikat · ZVT over TLS, with a certificate of its own
    ZvtTls,
    /// Adyen im eigenen Netz (nexo über HTTPS) · Adyen in the shop's network (nexo over HTTPS)
    Adyen,
    /// Adyen über die Cloud (Cloud device API) · Adyen through the cloud (Cloud device API)
    AdyenCloud,
    /// Ein Leser von SumUp mit SumUps Servern (Cloud API) · a reader of SumUp's with SumUp's servers (Cloud API)
    Sumup,
}

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    let language = cli.language;
    let done = match cli.command {
        Command::Demo { listen, data, fresh, year, seed } => {
            demo::demo(language, &demo::Wanted { listen, data, fresh, year, seed })
        }
        Command::Run { file, listen, host, receipts } => {
            serve::run(language, &file, (listen, receipts), host)
        }
        Command::Import { what: Some(Imported::Bank { from, file }), .. } => {
            bank::import(language, &from, &file)
        }
        Command::Import { what: None, csv, file, keep_good } => {
            transfer::import(language, &csv.unwrap_or_default(), &file, keep_good)
        }
        Command::Export {
            what: Some(Exported::Dsfinvk { from, to, zip, file, anyway }), ..
        } => dsfinvk::export(language, (from, to), (&zip, &file), anyway),
        Command::Export { what: Some(Exported::Tar { unit, from, to, tar, file }), .. } => {
            tar::export(language, unit, (from, to), (&tar, &file))
        }
        Command::Export { what: Some(Exported::Proof { date, target, file }), .. } => {
            proof::export(language, date, (&target, &file))
        }
        Command::Export {
            what: Some(Exported::Dep7 { till, register, keys, json, file, anyway }),
            ..
        } => {
            let which = (till, register.as_deref());
            dep7::export(language, which, (&json, keys.as_deref()), &file, anyway)
        }
        Command::Export { what: Some(Exported::Datev { from, to, csv, file }), .. } => {
            datev::export(language, (from, to), (&csv, &file))
        }
        Command::Export { what: Some(Exported::Changes { from, to, target, file }), .. } => {
            audit::changes(language, (from, to), &target, &file)
        }
        Command::Export { what: Some(Exported::Procedures { target, file }), .. } => {
            audit::paper(language, audit::Paper::Procedures, &target, &file)
        }
        Command::Export { what: Some(Exported::Notification { target, file }), .. } => {
            audit::paper(language, audit::Paper::Notification, &target, &file)
        }
        Command::Export { what: Some(Exported::Retention { target, file }), .. } => {
            audit::paper(language, audit::Paper::Retention, &target, &file)
        }
        Command::Export { what: None, csv, file } => {
            transfer::export(language, &csv.unwrap_or_default(), &file)
        }
        Command::Verify { dsfinvk: Some(zip), .. } => dsfinvk::verify(language, &zip),
        Command::Verify { dep7: Some(path), key, .. } => {
            dep7::verify(language, &path, key.as_deref())
        }
        Command::Verify { tar: Some(tar), part, .. } => signed::verify_export(language, &tar, part),
        Command::Verify { qr, .. } if !qr.is_empty() => signed::verify_codes(language, &qr),
        Command::Verify { proof: Some(path), file, .. } => {
            proof::verify(language, &path, file.as_deref())
        }
        Command::Verify { file, tables, anchor, .. } => {
            let file = file.unwrap_or_else(|| PathBuf::from("shop.sqlite"));
            record::verify(language, &file, tables, &anchor)
        }
        Command::Rebuild { file } => record::rebuild(language, &file),
        Command::Backup { to, file } => record::backup(language, &file, &to),
        Command::Restore { from, to } => record::restore(language, &from, &to),
        Command::Simulate { device: Device::Fiskaly { listen, file, new } } => {
            simulate::fiskaly_unit(language, listen, file, new)
        }
        Command::Simulate { device: Device::Atrust { listen } } => {
            simulate::atrust_device(language, listen)
        }
        Command::Simulate { device: Device::Epson { listen, file, new } } => {
            simulate::epson_unit(language, listen, file, new)
        }
        Command::Receipts { data, new_token: Some(name), .. } => {
            messages::new_token(language, &data, &name)
        }
        Command::Receipts { listen, data, most, new_token: None } => {
            messages::host(language, listen, &data, most)
        }
        Command::Simulate { device: Device::Mail(asked) } => messages::mail(language, asked),
        Command::Simulate { device: Device::Sms(asked) } => messages::sms(language, &asked),
        Command::Simulate { device: Device::Printer { protocol, listen, page } } => {
            simulate::printer(language, protocol, listen, page)
        }
        Command::Simulate { device: Device::Scanner { listen, page, serial } } => {
            simulate::scanner(language, listen, page, serial)
        }
        Command::Simulate { device: Device::Scale(asked) } => stands::scale(language, &asked),
        Command::Simulate { device: Device::Display(asked) } => stands::display(language, &asked),
        Command::Simulate { device: Device::LabelPrinter(asked) } => {
            stands::label_printer(language, &asked)
        }
        Command::Simulate { device: Device::CashMachine(asked) } => {
            stands::cash_machine(language, &asked)
        }
        Command::Simulate {
            device: Device::Terminal { protocol, listen, page, automatic, serial, rate },
        } => {
            let at = |port| listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], port)));
            match protocol {
                Protocol::Zvt | Protocol::ZvtTls => {
                    let wanted = simulate::Wanted {
                        listen: at(20_007),
                        tls: matches!(protocol, Protocol::ZvtTls),
                        page,
                        automatic,
                        serial: serial.map(|path| Serial { path, rate }),
                    };
                    simulate::terminal(language, &wanted)
                }
                Protocol::Adyen => {
                    simulate::adyen_terminal(language, at(8_443), page, automatic, None)
                }
                Protocol::AdyenCloud => {
                    let cloud = Some(Cloud::default());
                    simulate::adyen_terminal(language, at(8_444), page, automatic, cloud)
                }
                Protocol::Sumup => simulate::sumup_reader(language, at(8_445), page, automatic),
            }
        }
    };
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tresen: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

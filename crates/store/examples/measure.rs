//! Measures the store on this machine: appends alone and in groups, an import, searches.
//!
//! `cargo run --release -p store --example measure -- FOLDER [CATALOGUE.csv]`; the catalogue has the
//! columns GTIN;Bezeichnung;Preis and a head line. The folder's file `measure.tresen` is made anew.
#![expect(clippy::print_stdout, reason = "a program for people that prints what it measured")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use domain::catalogue::{Item, ItemDraft};
use domain::event::Event;
use domain::{BasketId, CommandId, ImportId, ItemId, PersonId, TillId};
use store::{NewShop, Reader, Store};

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]
fn now() -> Instant {
    Instant::now()
}

fn at() -> Outcome<jiff::Timestamp> {
    Ok("2026-11-23T13:07:12.482Z".parse()?)
}

fn command(number: u128) -> CommandId {
    CommandId(uuid::Uuid::from_u128((0x0193_593c_7d2e_7000_u128 << 64) | number))
}

fn line_added(line: u64) -> Outcome<Event> {
    let line = format!(
        r#"{{"line":{},"item":17,"code":"4006381333931","name":"Schokolade Vollmilch 100 g","quantity":1000,
        "price":149,"base":149,"tax":2,"group":3,"stocked":true}}"#,
        line % 900 + 1
    );
    Ok(Event::LineAdded {
        basket: BasketId(1),
        line: Box::new(serde_json::from_str(&line)?),
        read: None,
    })
}

fn appends(store: &mut Store, group: u64, groups: u64, base: u128) -> Outcome {
    let mut commits = Vec::new();
    let mut inside = 0.0;
    let began = now();
    for g in 0..groups {
        store.begin()?;
        for i in 0..group {
            let number = g * group + i;
            let events = [line_added(number)?];
            let id = command(base + u128::from(number));
            let one = now();
            store.append(at()?, Some(TillId(1)), Some(PersonId(1)), id, Some(7), &events)?;
            inside += one.elapsed().as_secs_f64();
        }
        let one = now();
        store.commit()?;
        commits.push(one.elapsed().as_secs_f64() * 1e6);
    }
    let all = began.elapsed().as_secs_f64();
    commits.sort_by(f64::total_cmp);
    let total = (group * groups) as f64;
    println!(
        "groups of {group}: {:.0} commands/s, append {:.1} µs, commit p50 {:.0} µs p99 {:.0} µs",
        total / all,
        inside / total * 1e6,
        commits[commits.len() / 2],
        commits[commits.len() * 99 / 100],
    );
    Ok(())
}

fn item(id: u32, record: &str) -> Outcome<Option<Item>> {
    let mut fields = record.split(';');
    let (Some(code), Some(name), Some(price)) = (fields.next(), fields.next(), fields.next())
    else {
        return Ok(None);
    };
    let Ok(price) = price.replace(',', "").parse::<i64>() else { return Ok(None) };
    let draft: ItemDraft = serde_json::from_value(serde_json::json!({
        "number": id.to_string(), "name": name, "codes": [{"code": code}], "tax": 2, "group": id % 20,
        "prices": [{"amount": price}], "minimum": if id.is_multiple_of(50) { Some(1) } else { None },
    }))?;
    Ok(Some(Item { id: ItemId(id), draft }))
}

fn import(store: &mut Store, catalogue: &Path) -> Outcome {
    let text = std::fs::read_to_string(catalogue)?;
    let records: Vec<&str> = text.lines().skip(1).collect();
    let import = ImportId(1);
    let began = now();
    let mut longest = 0.0_f64;
    let mut number = 1_u128 << 40;
    let mut send = |store: &mut Store, event: Event| -> Outcome {
        number += 1;
        let one = now();
        store.begin()?;
        store.append(at()?, None, None, command(number), None, &[event])?;
        store.commit()?;
        longest = longest.max(one.elapsed().as_secs_f64() * 1e3);
        Ok(())
    };
    send(store, Event::ImportBegan { import, source: "measure".to_owned() })?;
    let mut id = 0;
    let mut items = Vec::new();
    for record in &records {
        id += 1;
        items.extend(item(id, record)?);
        if items.len() == 250 {
            send(store, Event::ItemsImported { import, items: std::mem::take(&mut items) })?;
        }
    }
    send(store, Event::ItemsImported { import, items })?;
    send(store, Event::ImportFinished { import })?;
    let size = std::fs::metadata(store.path())?.len() / 1_048_576;
    println!(
        "import of {} items: {:.1} s, longest chunk of 250 {longest:.0} ms, file {size} MiB",
        records.len(),
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

fn searches(reader: &Reader) -> Outcome {
    let queries = [
        "a",
        "e",
        "s",
        "1",
        "4",
        "40",
        "400",
        "4001",
        "1 2",
        "a b",
        "de la",
        "le",
        "schokolade",
        "cola",
        "coca cola",
        "a e i o",
        "milch bio",
        "chocolat noir",
        "käse",
        "0 5",
        "zzzz",
        "a zzzz",
        "s c h o",
        "mit ohne",
        "p",
        "ba",
        "choco",
        "chocolate",
        "organic",
        "sauce tomate",
        "ก",
        "ш",
        "م",
        "eau",
    ];
    let mut times = Vec::new();
    for query in queries {
        let mut worst = 0.0_f64;
        let mut found = Vec::new();
        for _ in 0..5 {
            let one = now();
            found = reader.search(query, None, false, 20)?;
            let ms = one.elapsed().as_secs_f64() * 1e3;
            worst = worst.max(ms);
            times.push(ms);
        }
        let first = found.first().map_or("-", |item| item.draft.name.as_str());
        println!("  {worst:6.1} ms  {query:14} {:3} hits, first: {first}", found.len());
    }
    times.sort_by(f64::total_cmp);
    println!(
        "search: p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        times[times.len() - 1]
    );
    Ok(())
}

fn main() -> Outcome {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("a folder to measure in is needed")?;
    let path = Path::new(&folder).join("measure.tresen");
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
    let shop = NewShop { shop: "measure".to_owned(), created: at()? };
    let mut store = Store::create(&path, &shop)?;
    appends(&mut store, 1, 3_000, 0)?;
    appends(&mut store, 64, 500, 1 << 32)?;
    if let Some(catalogue) = arguments.next() {
        import(&mut store, Path::new(&catalogue))?;
        searches(&Reader::open(&path)?)?;
        let one = now();
        let low = store.low_stock(ItemId(0), 50)?.len();
        println!("low stock: {low} of {} in {:?}", store.low_stock_count()?, one.elapsed());
        let one = now();
        let tiles = store.group_items(domain::GroupId(3), 60)?.len();
        println!("tiles of a group: {tiles} in {:?}", one.elapsed());
        let one = now();
        let hits = (0..1_000)
            .filter(|_| store.item_by_keys(&["4000000000013"]).is_ok_and(|h| h.is_some()));
        println!("{} lookups by code: {:?}", hits.count(), one.elapsed());
    }
    let one = now();
    let report = store.verify(&[], |_, _| true)?;
    println!("verify: {:?}, {} entries in {:?}", report.verdict, report.entries, one.elapsed());
    let backup = Path::new(&folder).join("measure.backup");
    let _ = std::fs::remove_file(&backup);
    let one = now();
    let made = store.backup(&backup, |_, _| ())?;
    println!("backup: {} MiB in {:?}", made.bytes / 1_048_576, one.elapsed());
    Ok(())
}

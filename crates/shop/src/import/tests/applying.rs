//! Applying: all or nothing, the good lines alone, cancelling, jobs.

use std::sync::atomic::{AtomicU32, Ordering};

use money::Money;

use super::*;

const MIXED: &str = "EAN;Name;Preis;MwSt\n1;a;1,00;7\n2;b;x;7\n3;c;3,00;7\n";

fn upload(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("upload.csv");
    std::fs::write(&path, text).unwrap();
    (directory, path)
}

fn many(count: u32) -> String {
    let lines = (0..count).map(|n| format!("{n};a{n};1,00;7\n"));
    std::iter::once("Nr;Name;Preis;MwSt\n".to_owned()).chain(lines).collect()
}

#[test]
fn with_an_error_all_or_nothing_is_nothing() {
    let shop = Fake::new();
    assert_eq!(shop.import(MIXED, false), Err(ImportFailure::HasErrors { errors: 1 }));
    assert_eq!((shop.items(), shop.log()), (Vec::new(), Vec::new()));
    let outcome = shop.import(MIXED, true).unwrap();
    assert_eq!((outcome.new, outcome.left_out), (2, 1));
    assert_eq!(shop.items().len(), 2);
    // The first command adds the group of items that name none.
    assert_eq!(shop.log(), ["configure", "begin", "items", "finish"]);
}

#[test]
fn new_changed_and_unchanged_lines_are_told_apart() {
    let shop = Fake::new();
    shop.import("EAN;Name;Preis;MwSt\n1;a;1,00;7\n2;b;2,00;7\n", false).unwrap();
    let preview = shop.analyse("EAN;Preis\n1;1,00\n2;2,50\n").unwrap();
    assert_eq!((preview.counts.unchanged, preview.counts.changed, preview.counts.new), (1, 1, 0));
    let outcome =
        shop.import("EAN;Name;Preis;MwSt\n1;a;1,00;7\n2;b;2,50;7\n3;c;3,00;19\n", false).unwrap();
    assert_eq!((outcome.unchanged, outcome.changed, outcome.new), (1, 1, 1));
    assert_eq!(shop.items().len(), 3);
    let changed = shop.item("2").draft;
    assert_eq!(changed.prices.iter().map(|p| p.amount.minor()).collect::<Vec<_>>(), [250]);
    // Nothing to do: no command at all.
    let before = shop.log().len();
    assert_eq!(shop.import("EAN;Preis\n1;1,00\n", false).unwrap().unchanged, 1);
    assert_eq!(shop.log().len(), before);
}

#[test]
fn a_code_that_lost_its_zeros_finds_its_item() {
    let shop = Fake::new();
    shop.import("EAN;Name;Preis;MwSt\n0012345678905;a;1,00;7\n", false).unwrap();
    let preview = shop.analyse("EAN;Name;Preis;MwSt\n012345678905;a;1,00;7\n").unwrap();
    assert_eq!((preview.counts.unchanged, preview.counts.rows), (1, 1));
}

#[test]
fn columns_that_are_not_in_the_file_and_other_prices_stay() {
    let shop = Fake::new();
    shop.import("EAN;Name;Preis;MwSt;Alter;Minimum\n1;a;1,00;7;16;3\n", false).unwrap();
    let later = domain::catalogue::Price {
        amount: Money::new(500),
        list: domain::PriceListId(0),
        from: Some(now().tomorrow().unwrap()),
        until: None,
    };
    let mut item = shop.item("1");
    item.draft.prices.push(later.clone());
    item.draft.prices.push(domain::catalogue::Price {
        list: domain::PriceListId(3),
        from: None,
        ..later.clone()
    });
    shop.shelves.lock().unwrap().put(Some(item.id), item.draft.clone());
    shop.import("EAN;Preis\n1;1,20\n", false).unwrap();
    item.draft.prices[0].amount = Money::new(120);
    assert_eq!(shop.item("1"), item);
    // An item found by its number gets the code that the file has, beside those it had.
    shop.import("Nr;EAN\n1;4000000000013\n", false).unwrap();
    let codes: Vec<_> = shop.item("1").draft.codes.into_iter().map(|c| c.code).collect();
    assert_eq!(codes, ["1", "4000000000013"]);
}

#[test]
fn groups_and_deposits_are_made_once_and_linked() {
    let shop = Fake::new();
    let file = "EAN;Name;Preis;MwSt;Gruppe;Pfand\n1;Wasser;0,49;19;Getränke;0,25\n2;Bier;0,99;19;Bier;0,08\n\
                3;Pils;1,09;19;bier;0,08\n4;Brot;2,00;x;Backwaren;\n";
    let preview = shop.analyse(file).unwrap();
    let groups: Vec<_> =
        preview.groups.iter().map(|g| (g.name.as_str(), g.id.0, g.tax.0)).collect();
    assert_eq!(groups, [("Bier", 3, 1)], "a bad line makes no group");
    assert_eq!(preview.deposits.iter().map(|d| d.amount.minor()).collect::<Vec<_>>(), [8, 25]);
    let outcome = shop.import(file, true).unwrap();
    assert_eq!((outcome.groups, outcome.deposits, outcome.new), (2, 2, 3));
    assert_eq!(shop.log(), ["configure", "put", "put", "begin", "items", "finish"]);
    let deposit = shop.item("PFAND-8");
    assert_eq!((deposit.draft.name.as_str(), deposit.draft.discountable), ("Pfand 0,08", false));
    assert_eq!(shop.item("2").draft.deposit, Some(deposit.id));
    assert_eq!(shop.item("3").draft.deposit, Some(deposit.id));
    assert_eq!(shop.item("3").draft.group, shop.item("2").draft.group);
    let again = shop.import(file, true).unwrap();
    assert_eq!((again.unchanged, again.changed, again.deposits), (3, 0, 0));
    // An empty cell takes the deposit away.
    assert_eq!(shop.import("EAN;Pfand\n1;\n", false).unwrap().changed, 1);
    assert_eq!(shop.item("1").draft.deposit, None);
}

#[test]
fn a_deposit_item_of_another_amount_is_not_taken() {
    let shop = Fake::new();
    shop.import("EAN;Name;Preis;MwSt;Pfand\n1;a;1,00;19;0,25\n", false).unwrap();
    shop.import("Nr;Preis\nPFAND-25;0,30\n", false).unwrap();
    let preview = shop.analyse("EAN;Name;Preis;MwSt;Pfand\n2;b;1,00;19;0,25\n").unwrap();
    assert_eq!(preview.errors[0].code, LineProblem::BadDeposit);
}

#[test]
fn items_go_in_batches() {
    let shop = Fake::new();
    shop.import(many(1_000), false).unwrap();
    assert_eq!(shop.shelves.lock().unwrap().batches, [250, 250, 250, 250]);
    assert_eq!(shop.items().len(), 1_000);
}

fn refuse_number_5(command: &ShopCommand) -> Result<(), ApplyError> {
    match command {
        ShopCommand::ImportItems { items, .. } if items.iter().any(|(_, d)| d.number == "5") => {
            Err(ApplyError::Refused(Refusal::BadText { field: "name".to_owned() }))
        }
        _ => Ok(()),
    }
}

#[test]
fn a_line_that_the_engine_refuses_is_found_and_left_out_or_ends_it_all() {
    let shop = Fake::new();
    shop.on_command(refuse_number_5);
    let outcome = shop.import(many(50), true).unwrap();
    assert_eq!((outcome.new, outcome.left_out), (49, 1));
    let error = &outcome.errors[0];
    assert_eq!(
        (error.line, error.code, error.value.as_str()),
        (7, LineProblem::Refused, "bad_text")
    );
    let shop = Fake::new();
    shop.on_command(refuse_number_5);
    let failure = shop.import(many(50), false).unwrap_err();
    assert_eq!(failure, ImportFailure::Refused { refusal: "bad_text".to_owned() });
    assert_eq!(shop.items(), Vec::new());
    let log = shop.log();
    assert_eq!(log[log.len() - 2..], ["cancel", "configure"], "its group is taken back");
}

#[test]
fn whichever_command_fails_nothing_is_half_imported() {
    let file = "EAN;Name;Preis;MwSt;Gruppe;Pfand\n1;a;1,00;19;Neu;0,25\n2;b;1,00;19;Neu;\n";
    for n in 1.. {
        let shop = Fake::new();
        let seen = AtomicU32::new(0);
        shop.on_command(move |_| match seen.fetch_add(1, Ordering::Relaxed) + 1 {
            m if m == n => Err(ApplyError::Fault("disk".to_owned())),
            _ => Ok(()),
        });
        let result = shop.import(file, false);
        shop.hook.lock().unwrap().take();
        if result.is_ok() {
            assert_eq!(n, 6, "configure, put, begin, items, finish");
            break;
        }
        let goods: Vec<_> =
            shop.items().into_iter().filter(|i| !i.draft.codes.is_empty()).collect();
        assert_eq!(goods, Vec::new(), "failure of command {n}");
        assert!(
            shop.items().iter().all(|i| i.draft.retired),
            "deposits after failure of command {n}"
        );
        assert!(shop.shelves.lock().unwrap().pending.is_none(), "failure of command {n}");
        assert_eq!(shop.import(file, false).unwrap().new, 2, "after failure of command {n}");
    }
}

#[test]
fn a_job_goes_from_upload_to_done() {
    let shop = Fake::new();
    let (_directory, path) = upload(MIXED);
    let jobs = Imports::new();
    let id = jobs.begin("a.csv", path.clone(), Arc::new(shop.clone())).unwrap().id;
    let ready = jobs.wait(id).unwrap();
    assert_eq!(ready.state, ImportState::Ready);
    assert_eq!(ready.preview.unwrap().counts.errors, 1);
    assert_eq!(jobs.apply(id, false, Arc::new(shop.clone())), Err(JobRefusal::HasErrors));
    let applying = jobs.apply(id, true, Arc::new(shop.clone())).unwrap();
    assert_eq!((applying.state, applying.progress.total), (ImportState::Applying, 3));
    let done = jobs.wait(id).unwrap();
    assert_eq!((done.state, done.progress.done), (ImportState::Done, 3));
    assert_eq!(done.outcome.unwrap().new, 2);
    assert!(!path.exists(), "the upload is removed");
    assert_eq!(jobs.apply(id, true, Arc::new(shop)), Err(JobRefusal::NotReady));
    assert_eq!(jobs.cancel(ImportJobId(99)), Err(JobRefusal::Unknown));
}

#[test]
fn a_job_that_cannot_begin_says_why() {
    let jobs = Imports::new();
    let (_directory, path) = upload("rot;blau\n1;2\n");
    let id = jobs.begin("a.csv", path.clone(), Arc::new(Fake::new())).unwrap().id;
    let failed = jobs.wait(id).unwrap();
    assert_eq!(failed.state, ImportState::Failed);
    let code = serde_json::to_value(failed.failure).unwrap()["code"].clone();
    assert_eq!(code, "missing_columns");
    assert!(!path.exists());
}

#[test]
fn a_job_is_cancelled_while_it_waits_or_is_at_work() {
    let shop = Fake::new();
    let jobs = Imports::new();
    let (_directory, path) = upload(&many(2_000));
    let id = jobs.begin("a.csv", path.clone(), Arc::new(shop.clone())).unwrap().id;
    jobs.wait(id).unwrap();
    assert_eq!(jobs.cancel(id).unwrap().state, ImportState::Cancelled);
    assert!(!path.exists());

    let (_directory, path) = upload(&many(2_000));
    let id = jobs.begin("a.csv", path, Arc::new(shop.clone())).unwrap().id;
    jobs.wait(id).unwrap();
    let (canceller, target) = (jobs.clone(), id);
    shop.on_command(move |command| {
        if matches!(command, ShopCommand::ImportItems { .. }) {
            canceller.cancel(target).unwrap();
        }
        Ok(())
    });
    jobs.apply(id, false, Arc::new(shop.clone())).unwrap();
    assert_eq!(jobs.wait(id).unwrap().state, ImportState::Cancelled);
    assert_eq!(shop.items(), Vec::new());
    assert_eq!(shop.log(), ["configure", "begin", "items", "cancel", "configure"]);
}

#[test]
fn analysing_can_be_cancelled_too() {
    let mut looks = 0;
    let result = analyse_with(&mut Cursor::new(many(5_000)), &Fake::new(), &mut |_| {
        looks += 1;
        if looks == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((result.unwrap_err(), looks), (ImportFailure::Cancelled, 3));
}

#[test]
fn there_is_one_import_at_a_time() {
    let shop = Fake::new();
    let jobs = Imports::new();
    let (_one, first) = upload(MIXED);
    let id = jobs.begin("a.csv", first, Arc::new(shop.clone())).unwrap().id;
    jobs.wait(id).unwrap();
    let (tried, inner) = (jobs.clone(), shop.clone());
    let refused = Arc::new(Mutex::new(None));
    let seen = refused.clone();
    shop.on_command(move |_| {
        *seen.lock().unwrap() =
            tried.begin("b.csv", "nowhere".into(), Arc::new(inner.clone())).err();
        Ok(())
    });
    jobs.apply(id, true, Arc::new(shop.clone())).unwrap();
    jobs.wait(id).unwrap();
    assert_eq!(*refused.lock().unwrap(), Some(JobRefusal::Busy));
    shop.hook.lock().unwrap().take();
    // One that waits for a decision gives way.
    let (_two, second) = upload(MIXED);
    let waiting = jobs.begin("b.csv", second, Arc::new(shop.clone())).unwrap().id;
    jobs.wait(waiting).unwrap();
    let (_three, third) = upload(MIXED);
    let next = jobs.begin("c.csv", third, Arc::new(shop)).unwrap().id;
    assert_eq!(jobs.status(waiting).unwrap().state, ImportState::Cancelled);
    assert_eq!(jobs.wait(next).unwrap().state, ImportState::Ready);
    assert_eq!(jobs.latest().unwrap().id, next);
}

#[test]
fn the_command_line_imports_at_once_and_keeps_the_file() {
    let shop = Fake::new();
    let (_directory, path) = upload(MIXED);
    let mut states = Vec::new();
    let mut watch = |state, _| {
        states.push(state);
        ControlFlow::Continue(())
    };
    let (preview, outcome) = import_file(&path, true, &shop, &mut watch).unwrap();
    assert_eq!((preview.counts.new, outcome.new), (2, 2));
    assert_eq!(
        (states.first(), states.last()),
        (Some(&ImportState::Analysing), Some(&ImportState::Applying))
    );
    assert!(path.exists());
    let (failure, preview) =
        import_file(&path, false, &shop, &mut |_, _| ControlFlow::Continue(())).unwrap_err();
    assert_eq!(failure, ImportFailure::HasErrors { errors: 1 });
    assert_eq!(preview.unwrap().errors.len(), 1);
}

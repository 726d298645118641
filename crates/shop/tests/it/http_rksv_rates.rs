//! Austria's rate of 4.9 %: sold at the shop, counted in the code, said on paper.

use fiscal::at::{Jws, dep};
use serde_json::json;

use crate::http_rksv::{configure, provider, run, sell, until};
use crate::http_rksv_names::password;
use crate::http_world::{MANAGER_PIN, World, id};

#[tokio::test(flavor = "multi_thread")]
async fn food_at_4_9_percent_stands_with_the_special_rates_in_the_code_and_as_it_is_on_paper() {
    let (world, provider) = (World::shop().await, provider());
    let mut office = world.office().await;
    configure(&mut office, &provider).await;
    let mut settings = office.get("/settings").await.expect_ok();
    let base = settings.as_object_mut().expect("an object").remove("revision");
    let rates = settings["rates"].as_array_mut().expect("rates");
    rates.push(json!({"key": 4, "rate": 490, "from": "2026-07-01T00:00:00"}));
    let body = json!({"id": id(), "type": "configure", "settings": settings, "base": base});
    office.post("/shop/commands", &body).await.expect_ok();
    let item = json!({"number": "200", "name": "Brot", "tax": 4, "group": 1,
        "codes": [{"code": "4012345678901"}], "prices": [{"amount": 1_049}]});
    let put = json!({"id": id(), "type": "put_item", "draft": item});
    office.post("/shop/commands", &put).await.expect_ok();
    let stop = run(&world);
    password(&mut office).await;
    until(&mut office, |till| till["state"] == "running").await;

    let mut till = world.till(1, MANAGER_PIN).await;
    let open = json!({"id": id(), "type": "open_day", "float": {"amount": 0, "currency": "EUR"}});
    till.post("/tills/1/commands", &open).await.expect_ok();
    till.command(json!({"type": "scan", "code": "4012345678901"})).await.expect_ok();
    // Beside it something at 10 %.
    sell(&mut till).await;
    until(&mut office, |till| till["codes"] == 2).await;

    let export = office.get("/record/dep7.json?till=1").await.text;
    let export = dep::Dep::read(export.as_bytes()).expect("an export");
    let sold = export.groups[0].receipts.last().expect("a receipt");
    let sums = Jws::parse(sold).expect("a code").code.sums;
    assert_eq!(sums.all().map(|sum| sum.minor()), [0, 249, 0, 0, 1_049]);
    let paper = office.get("/receipts/1/1/text").await.text;
    let row = paper.lines().find(|line| line.contains("4,9")).expect("the rate");
    assert!(row.contains("10,49") && row.contains("0,49"), "its gross and its tax: {row}");
    let _ = stop.send(true);
}

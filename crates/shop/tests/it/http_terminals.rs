//! Terminals over TLS and what the office lets terminals do.

use domain::TerminalId;
use payment::simulator::{Fault, Setup, Simulator};
use serde_json::{Value, json};

use crate::http_world::{Browser, World, id};

async fn terminal() -> Simulator {
    Simulator::start(&Setup { automatic: Some(1), hurry: 200, ..Setup::default() })
        .expect("a terminal")
}

/// Makes these the shop's terminals.
async fn configure(office: &mut Browser, terminals: Value) {
    let mut settings = office.get("/settings").await.expect_ok();
    let base = settings.as_object_mut().expect("an object").remove("revision");
    settings["terminals"] = terminals;
    let body = json!({"id": id(), "type": "configure", "settings": settings, "base": base});
    office.post("/shop/commands", &body).await.expect_ok();
}

async fn serve(office: &mut Browser, what: &str) -> Value {
    office.post("/terminals/1/service", &json!({ "what": what })).await.expect_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_looked_at_taken_over_and_held_to() {
    let (first, other) = (terminal().await, terminal().await);
    let any = || ([127, 0, 0, 1], 0).into();
    let (address, print) = first.listen_tls(any()).await.expect("listens");
    let (elsewhere, _) = other.listen_tls(any()).await.expect("listens");
    let world = World::shop().await;
    let mut office = world.office().await;
    let one = |address: String, certificate: Option<&str>| {
        let mut one = json!({"id": 1, "name": "TLS", "protocol": "zvt_tls", "address": address});
        if let Some(certificate) = certificate {
            one["certificate"] = json!(certificate);
        }
        json!([one])
    };
    configure(&mut office, one(address.to_string(), None)).await;
    let rows = office.get("/terminals").await.expect_ok();
    assert_eq!(rows[0]["needs_certificate"], json!(true));
    // Without a certificate that somebody took over, nothing is asked.
    assert_eq!(serve(&mut office, "diagnose").await["code"], json!("bad_settings"));
    let seen = serve(&mut office, "certificate").await;
    assert_eq!(seen, json!({"code": "ok", "text": null, "certificate": print.to_string()}));
    configure(&mut office, one(address.to_string(), Some(&print.to_string()))).await;
    let rows = office.get("/terminals").await.expect_ok();
    assert_eq!(rows[0]["needs_certificate"], json!(false));
    assert_eq!(serve(&mut office, "diagnose").await["code"], json!("ok"));

    // Another terminal at the address that is asked: refused, and told nothing.
    configure(&mut office, one(elsewhere.to_string(), Some(&print.to_string()))).await;
    let refused = serve(&mut office, "initialise").await;
    assert_eq!(refused["code"], json!("bad_certificate"));
    assert_eq!(other.controls().view().shows, "ready");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_tests_and_initialises_a_terminal() {
    let terminal = terminal().await;
    let address = terminal.listen(([127, 0, 0, 1], 0).into()).await.expect("listens");
    let world = World::shop().await;
    let mut office = world.office().await;
    let zvt =
        json!([{"id": 1, "name": "ZVT", "protocol": "zvt_tcp", "address": address.to_string()}]);
    configure(&mut office, zvt).await;
    assert_eq!(serve(&mut office, "diagnose").await["code"], json!("ok"));
    terminal.controls().choose(Fault::named("initialisation_due")).await;
    assert_eq!(serve(&mut office, "initialise").await["code"], json!("ok"));
    assert_eq!(terminal.controls().view().fault, None);
    // Only TLS has a certificate, and only what there is can be asked for.
    let path = "/terminals/1/service";
    office.post(path, &json!({"what": "certificate"})).await.expect(422, "bad_field");
    office
        .post("/terminals/7/service", &json!({"what": "diagnose"}))
        .await
        .expect(404, "not_found");
    let unknown = office.post(path, &json!({"what": "format"})).await;
    assert_eq!(unknown.status.as_u16(), 422, "{}", unknown.text);
    world.browser().post(path, &json!({"what": "diagnose"})).await.expect(401, "not_signed_in");
    drop(terminal);
    let gone = serve(&mut office, "diagnose").await;
    assert_eq!(gone["code"], json!("unreachable"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_speaks_to_a_terminal_has_it_alone() {
    let world = World::shop().await;
    let engine = world.app.engine().clone();
    let turn = engine.turn_at(TerminalId(1)).await;
    let mut next = Box::pin(engine.turn_at(TerminalId(1)));
    assert!(futures_ready(&mut next).await.is_none(), "somebody has it");
    let _other = engine.turn_at(TerminalId(2)).await;
    drop(turn);
    let _mine = next.await;
}

/// What a future has at once, if it has anything.
async fn futures_ready<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    tokio::select! {
        biased;
        done = future => Some(done),
        () = std::future::ready(()) => None,
    }
}

//! Every route with every role, from the route table itself.

use std::fmt::Write;

use axum::body::Body;
use axum::http::{Method, header};
use domain::Role;
use domain::people::{Permission, may};

use crate::http_world::{Browser, CASHIER_PIN, MANAGER_PIN, SUPERVISOR_PIN, World};

/// The bare request of a route: numbers in its path, nothing in its body.
async fn status(browser: &mut Browser, method: &Method, path: &str) -> u16 {
    let mut path = format!("/api/v1{path}");
    for name in ["{till}", "{item}", "{group}", "{person}", "{number}", "{id}"] {
        path = path.replace(name, "1");
    }
    let request =
        browser.request(method.clone(), &path).header(header::CONTENT_TYPE, "application/json");
    let reply = browser.send(request.body(Body::from("{}")).expect("a request")).await;
    reply.status.as_u16()
}

#[tokio::test]
async fn only_the_listed_pairs_of_role_and_route_get_in() {
    let world = World::shop().await;
    let mut anonymous = world.browser();
    let people = [
        (Role::Cashier, 3, CASHIER_PIN),
        (Role::Supervisor, 2, SUPERVISOR_PIN),
        (Role::Manager, 1, MANAGER_PIN),
    ];
    let mut matrix = String::new();
    // Signing out ends what the others need; it comes last.
    let (last, others): (Vec<_>, Vec<_>) =
        shop::http::operations().into_iter().partition(|o| o.path == "/sign-out");
    let mut rows: Vec<String> = Vec::new();
    for operation in others.iter().chain(&last) {
        let got = status(&mut anonymous, &operation.method, operation.path).await;
        let public = operation.permission == Permission::Public;
        assert_eq!(
            got == 401,
            !public,
            "{} {} without a session: {got}",
            operation.method,
            operation.path
        );
        rows.push(format!("{} {}: {got}", operation.method, operation.path));
    }
    for (role, person, pin) in people {
        // One session at a till at a time: each role in its turn.
        let mut browser = world.till(person, pin).await;
        for (operation, row) in others.iter().chain(&last).zip(&mut rows) {
            let got = status(&mut browser, &operation.method, operation.path).await;
            let allowed = may(role, operation.permission);
            assert_eq!(
                !matches!(got, 401 | 403),
                allowed,
                "{} {} as {role:?}: {got}",
                operation.method,
                operation.path
            );
            assert_ne!(got, 500, "{} {}", operation.method, operation.path);
            write!(row, " {got}").expect("a string");
        }
    }
    for row in rows {
        writeln!(matrix, "{row}").expect("a string");
    }
    insta::assert_snapshot!("rights", matrix);
}

#[tokio::test]
async fn every_route_outside_of_the_table_is_a_page_or_nothing() {
    let world = World::shop().await;
    let mut manager = world.office().await;
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        for path in [
            "/",
            "/till",
            "/office",
            "/api/openapi.json",
            "/api/v1",
            "/api/v1/reset",
            "/api/v2/people",
        ] {
            let request =
                manager.request(method.clone(), path).body(Body::empty()).expect("a request");
            let got = manager.send(request).await.status.as_u16();
            assert!(matches!(got, 404 | 405), "{method} {path}: {got}");
        }
    }
}

#[tokio::test]
async fn a_till_session_is_good_at_its_own_till_only() {
    let world = World::shop().await;
    let mut office = world.office().await;
    let mut settings = office.get("/settings").await.expect_ok();
    settings.as_object_mut().expect("an object").remove("revision");
    let mut second = settings["tills"][0].clone();
    second["id"] = 2.into();
    second["name"] = "Kasse hinten".into();
    settings["tills"].as_array_mut().expect("tills").push(second);
    let configure = serde_json::json!({"id": crate::http_world::id(), "type": "configure", "settings": settings});
    office.post("/shop/commands", &configure).await.expect_ok();

    let mut till = world.till(3, CASHIER_PIN).await;
    till.get("/tills/1").await.expect_ok();
    till.get("/tills/2").await.expect(403, "other_till");
    till.get("/tills/2/events").await.expect(403, "other_till");
    let command = serde_json::json!({"id": crate::http_world::id(), "type": "new_basket"});
    till.post("/tills/2/commands", &command).await.expect(403, "other_till");
    office.get("/tills/1").await.expect(401, "not_signed_in");
    office.get("/tills/1/x-report").await.expect(422, "day_not_open");
}

//! The simulator's page: the paper strip, the drawer, and a switch for each fault. No script; it reloads itself.

use super::paper::paper_html;
use super::{Answers, Ended, Faults, Job, Shared, State};
use std::time::Duration;

const STYLE: &str = "
:root{color-scheme:light dark}
body{margin:0;padding:1rem;font:1rem/1.4 system-ui,sans-serif;background:#dcdad4;color:#111}
h1{font-size:1.2rem;margin:0 0 .5rem}h2{font-size:.9rem;margin:1rem 0 .3rem}
.sign{background:#b3261e;color:#fff;padding:.1rem .5rem;border-radius:.2rem}
form{display:inline}
button{min-height:44px;margin:.15rem;padding:0 .8rem;font:inherit;border:2px solid #555;border-radius:.4rem;background:#fff;color:#111;cursor:pointer}
button[aria-pressed=true]{background:#b3261e;color:#fff;border-color:#b3261e}
.paper{width:max-content;max-width:100%;overflow:auto;margin:0 0 1rem;padding:1rem;background:#fff;color:#000;box-shadow:0 1px 5px #0005;font:14px/1.25 'DejaVu Sans Mono',ui-monospace,Menlo,Consolas,monospace}
.l{white-space:pre;min-height:1.25em}.center{text-align:center}.right{text-align:right}
.b{font-weight:700}.u{text-decoration:underline}.rev{background:#000;color:#fff}
.w2.h2,.w3,.w4{font-size:2em}.w1.h2{display:inline-block;transform:scaleY(2);transform-origin:bottom;padding-top:1.25em;line-height:1}
.w2.h1{letter-spacing:1ch}
.code{margin:.5em 0}.code .bars{height:60px;max-width:100%}.code .qr{width:180px}.code .picture{max-width:100%}
.code div{overflow-wrap:anywhere;max-width:48ch;display:inline-block;font-size:.8em;width:100%}
.cut{border-top:2px dashed #888;color:#666;margin:.5em -1rem}
.note{background:#ffe9a8;padding:0 .4em;font-size:.85em}
.broken{border-bottom:6px dotted #b3261e}
@media (prefers-color-scheme:dark){body{background:#1b1b1b;color:#eee}}
";

/// A switch: its name in the address and on the button, whether it is on, and how it is set.
type Switch = (&'static str, &'static str, fn(&Faults) -> bool, fn(&mut Faults, bool));

const SWITCHES: &[Switch] = &[
    ("paper-out", "paper out", |f| f.paper_out, |f, on| f.paper_out = on),
    ("near-end", "paper near end", |f| f.near_end, |f, on| f.near_end = on),
    ("cover-open", "cover open", |f| f.cover_open, |f, on| f.cover_open = on),
    ("offline", "off line", |f| f.offline, |f, on| f.offline = on),
    (
        "paper-ends",
        "paper ends after 5 lines",
        |f| f.paper_left.is_some(),
        |f, on| f.paper_left = on.then_some(5),
    ),
    (
        "drop",
        "connection breaks after 200 bytes",
        |f| f.drop_after.is_some(),
        |f, on| {
            f.drop_after = on.then_some(200);
        },
    ),
    ("busy", "takes jobs but stands still", |f| f.busy, |f, on| f.busy = on),
    (
        "status-flood",
        "sends its state unasked all the time",
        |f| f.status_flood,
        |f, on| f.status_flood = on,
    ),
    (
        "mute",
        "does not answer",
        |f| f.answers == Answers::Mute,
        |f, on| {
            f.answers = if on { Answers::Mute } else { Answers::Normal };
        },
    ),
    (
        "garbage",
        "answers garbage",
        |f| f.answers == Answers::Garbage,
        |f, on| {
            f.answers = if on { Answers::Garbage } else { Answers::Normal };
        },
    ),
    (
        "low-garbage",
        "answers zeros",
        |f| f.answers == Answers::LowGarbage,
        |f, on| {
            f.answers = if on { Answers::LowGarbage } else { Answers::Normal };
        },
    ),
    (
        "late",
        "answers after 5 s",
        |f| matches!(f.answers, Answers::Late(_)),
        |f, on| {
            f.answers = if on { Answers::Late(Duration::from_secs(5)) } else { Answers::Normal };
        },
    ),
];

/// Does what a button's address says; false when there is no such button.
pub(super) fn act(shared: &Shared, path: &str) -> bool {
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", "set", name, on @ ("on" | "off")] => {
            let Some((.., set)) = SWITCHES.iter().find(|switch| switch.0 == *name) else {
                return false;
            };
            shared.change(|state| set(&mut state.faults, *on == "on"));
        }
        ["", "drawer", "force"] => shared.change(|state| state.drawer_open = true),
        ["", "drawer", "close"] => shared.change(|state| state.drawer_open = false),
        ["", "paper", "clear"] => shared.change(|state| state.jobs.clear()),
        _ => return false,
    }
    true
}

fn button(path: &str, label: &str, pressed: Option<bool>) -> String {
    let pressed = pressed.map(|on| format!(" aria-pressed=\"{on}\"")).unwrap_or_default();
    format!("<form method=\"post\" action=\"{path}\"><button{pressed}>{label}</button></form>\n")
}

fn switches(state: &State) -> String {
    SWITCHES
        .iter()
        .map(|(name, label, is_on, _)| {
            let on = is_on(&state.faults);
            button(&format!("/set/{name}/{}", if on { "off" } else { "on" }), label, Some(on))
        })
        .collect()
}

fn job(job: &Job, columns: u8) -> String {
    let (class, end) = match job.ended {
        Ended::Not => ("", " – coming out, or waiting"),
        Ended::Whole => ("", ""),
        Ended::BrokenOff => (" broken", " – broken off"),
    };
    let paper = paper_html(&job.ops, columns);
    format!("<h2>Job {}{end}</h2>\n<div class=\"paper{class}\">\n{paper}</div>\n", job.number)
}

/// The bytes that came, sixteen to a line: their place, themselves, and those of them that are letters.
pub(super) fn recording(shared: &Shared) -> String {
    let bytes: Vec<u8> = shared.state().recording.iter().copied().collect();
    let line = |(at, line): (usize, &[u8])| {
        let hex: Vec<String> = line.iter().map(|byte| format!("{byte:02X}")).collect();
        let shown = |byte: &u8| match byte {
            0x20..=0x7E => char::from(*byte),
            _ => '.',
        };
        let text: String = line.iter().map(shown).collect();
        format!("{:08X}  {:<47}  {text}\n", at * 16, hex.join(" "))
    };
    bytes.chunks(16).enumerate().map(line).collect()
}

/// The whole page; the newest job first.
pub(super) fn html(shared: &Shared) -> String {
    let state = shared.state();
    let drawer = if state.drawer_open { "open" } else { "closed" };
    let ready = match state.status().problem() {
        None => "ready".to_owned(),
        Some(problem) => format!("not ready: {problem:?}"),
    };
    let jobs: String =
        state.jobs.iter().rev().map(|one| job(one, shared.profile.columns)).collect();
    let name = receipt::escape(&shared.profile.name);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"refresh\" content=\"2\">\n<title>Simulator: printer {name}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1><span class=\"sign\">Simulator</span> printer {name}</h1>\n\
         <p>Printer: <strong>{ready}</strong>. Drawer: <strong>{drawer}</strong>.</p>\n<div>{}{}{}{}</div>\n\
         <p><a href=\"/recording\">the bytes that came</a></p>\n{jobs}\
         </main>\n</body>\n</html>\n",
        switches(&state),
        button("/drawer/close", "close the drawer", None),
        button("/drawer/force", "open the drawer with a key", None),
        button("/paper/clear", "tear off the paper", None),
    )
}

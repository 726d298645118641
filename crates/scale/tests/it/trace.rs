//! What a till and somebody else's simulator of a scale said to each other.

use std::collections::VecDeque;
use std::path::Path;

use scale::dialog::{self, Answer, Reader};
use scale::{Goods, Memory, Protocol, Scale, Session, State, Step, Weighing};

fn bytes(text: &str) -> Vec<u8> {
    text.split(' ').map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

/// What was asked and what the simulator said to it, in order; none where the recording is not beside the checkout.
fn recording() -> Option<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let path = folders.find_map(|folder| {
        let path = folder.join("shared/data/dialog0204_trace.json");
        path.is_file().then_some(path)
    })?;
    let trace: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let pairs = trace["exchange"].as_array().unwrap().iter();
    Some(
        pairs
            .map(|pair| (bytes(pair[0].as_str().unwrap()), bytes(pair[1].as_str().unwrap())))
            .collect(),
    )
}

#[test]
fn the_recorded_exchange_is_what_the_till_would_send_and_is_read_whole() {
    let Some(exchange) = recording() else {
        println!("skipped: no shared/data/dialog0204_trace.json beside the checkout");
        return;
    };
    let mut weighings = Vec::new();
    let mut statuses = Vec::new();
    for (asked, answered) in exchange {
        let own = [
            dialog::enquiry(),
            dialog::why(),
            dialog::goods(&Goods::new(199, 0, "").unwrap()),
            dialog::goods(&Goods::new(250, 50, "Tomaten").unwrap()),
        ];
        assert!(own.contains(&asked), "the till would send {asked:02x?} otherwise");
        let mut reader = Reader::default();
        let said: Vec<Answer> = answered.into_iter().filter_map(|b| reader.push(b)).collect();
        match said.as_slice() {
            [Answer::Weighed { net, unit_price, price, .. }] => {
                weighings.push((*net, *unit_price, *price));
            }
            [Answer::Status(high, low)] => statuses.push((*high, *low)),
            [Answer::Ack | Answer::Nak] => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(weighings, [(1_250, 199, 249), (500, 250, 125)]);
    assert_eq!(statuses, [(2, 2), (2, 0), (2, 1)]);
}

/// The recording as a scale: it says what was said then, and only to what was asked then.
struct Recorded(VecDeque<(Vec<u8>, Vec<u8>)>);

impl Recorded {
    /// Lets the till and the scale talk until something comes of it.
    fn talk(&mut self, till: &mut Session, first: Vec<u8>) -> Step {
        let mut sent = first;
        loop {
            let (asked, said) = self.0.pop_front().expect("nothing more was recorded");
            assert_eq!(sent, asked, "the till asks otherwise than it was recorded");
            // Byte by byte, as slow lines bring it.
            let mut steps = said.iter().filter_map(|byte| till.receive(&[*byte]));
            let step = steps.next().expect("something comes of every answer");
            assert_eq!(steps.next(), None, "one answer is one step");
            match step {
                Step::Send(next) => sent = next,
                step => return step,
            }
        }
    }
}

fn session(goods: &Goods) -> Session {
    let scale = Scale { protocol: Protocol::Dialog04, least: 40, keys: None };
    Session::new(scale, goods.clone(), Memory::default(), [0; 4])
}

/// A conversation whose price was taken before the recorded part begins; gives what is asked next.
fn priced(goods: &Goods) -> (Session, Vec<u8>) {
    let mut till = session(goods);
    assert_eq!(till.again(), dialog::goods(goods));
    match till.receive(&[0x06]) {
        Some(Step::Send(next)) => (till, next),
        other => panic!("{other:?}"),
    }
}

fn weighed(step: Step) -> Weighing {
    match step {
        Step::Done(weighing, last) => {
            assert_eq!(last, dialog::acknowledge());
            weighing
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_recorded_conversation_drives_the_session_from_its_first_byte_to_its_last() {
    let Some(exchange) = recording() else {
        println!("skipped: no shared/data/dialog0204_trace.json beside the checkout");
        return;
    };
    let mut scale = Recorded(exchange.into());

    // The scale lost the price, is given it again, weighs, and tells the weighing.
    let goods = Goods::new(199, 0, "").unwrap();
    let (mut till, enquiry) = priced(&goods);
    assert_eq!(scale.talk(&mut till, enquiry), Step::Wait(State::Busy));
    let price = till.again();
    assert_eq!(scale.talk(&mut till, price), Step::Wait(State::InMotion));
    let enquiry = till.again();
    let first = weighed(scale.talk(&mut till, enquiry));
    assert_eq!((first.net(), first.tare(), first.price()), (1_250, 0, Some(249)));

    // The same load once more is none.
    let (mut till, enquiry) = priced(&goods);
    assert_eq!(scale.talk(&mut till, enquiry), Step::Wait(State::NoLoadChange));

    // Other goods, with a tare and a text.
    let mut till = session(&Goods::new(250, 50, "Tomaten").unwrap());
    let price = till.again();
    let second = weighed(scale.talk(&mut till, price));
    assert_eq!((second.net(), second.tare(), second.price()), (500, 50, Some(125)));

    assert!(scale.0.is_empty(), "the whole recording was played");
}

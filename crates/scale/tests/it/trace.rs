//! What a till and somebody else's simulator of a scale said to each other.

use std::path::Path;

use scale::Goods;
use scale::dialog::{self, Answer, Reader};

fn bytes(text: &str) -> Vec<u8> {
    text.split(' ').map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

#[test]
fn the_recorded_exchange_is_what_the_till_would_send_and_is_read_whole() {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let path = folders
        .map(|folder| folder.join("shared/data/dialog0204_trace.json"))
        .find(|path| path.is_file());
    let Some(path) = path else {
        println!("skipped: no shared/data/dialog0204_trace.json beside the checkout");
        return;
    };
    let trace: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut weighings = Vec::new();
    let mut statuses = Vec::new();
    for pair in trace["exchange"].as_array().unwrap() {
        let asked = bytes(pair[0].as_str().unwrap());
        let own = [
            dialog::enquiry(),
            dialog::why(),
            dialog::goods(&Goods::new(199, 0, "").unwrap()),
            dialog::goods(&Goods::new(250, 50, "Tomaten").unwrap()),
        ];
        assert!(own.contains(&asked), "the till would send {asked:02x?} otherwise");
        let mut reader = Reader::default();
        let said: Vec<Answer> =
            bytes(pair[1].as_str().unwrap()).into_iter().filter_map(|b| reader.push(b)).collect();
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

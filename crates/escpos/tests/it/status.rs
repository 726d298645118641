use escpos::{AutoStatusFilter, NotAStatus, PaperAnswer, Problem, Query, Status};
use proptest::prelude::*;

#[test]
fn only_the_sixteen_bytes_with_the_fixed_bits_are_answers() {
    let answers: Vec<u8> = (0..=255).filter(|byte| Status::is_answer(*byte)).collect();
    let expected: Vec<u8> = (0..=255_u8)
        .filter(|byte| {
            format!("{byte:08b}").char_indices().all(|(at, bit)| match at {
                0 | 7 => bit == '0',
                3 | 6 => bit == '1',
                _ => true,
            })
        })
        .collect();
    assert_eq!(answers, expected);
    assert_eq!(answers.len(), 16);
}

#[test]
fn every_byte_to_every_query_is_either_refused_or_read_and_written_back() {
    for query in Query::ALL {
        for byte in 0..=255_u8 {
            let mut status = Status::default();
            let taken = status.take_answer(query, byte);
            if byte & 0x93 == 0x12 {
                assert_eq!(taken, Ok(()), "{query:?} {byte:02X}");
                let wanted = if query == Query::Paper {
                    // Both bits of a pair are written, whichever was read.
                    0x12 | if byte & 0x0C != 0 { 0x0C } else { 0 }
                        | if byte & 0x60 != 0 { 0x60 } else { 0 }
                } else {
                    byte
                };
                assert_eq!(status.answer(query), wanted, "{query:?} {byte:02X}");
            } else {
                assert_eq!(taken, Err(NotAStatus), "{query:?} {byte:02X}");
                assert_eq!(status, Status::default(), "a refused byte changes nothing");
            }
        }
    }
}

#[test]
fn each_bit_means_what_the_manual_says() {
    let read = |query, byte| {
        let mut status = Status::default();
        status.take_answer(query, byte).map(|()| status)
    };
    let one = |change: fn(&mut Status)| {
        let mut status = Status::default();
        change(&mut status);
        Ok(status)
    };
    assert_eq!(read(Query::Printer, 0x16), one(|s| s.drawer_pin_high = true));
    assert_eq!(read(Query::Printer, 0x1A), one(|s| s.offline = true));
    assert_eq!(read(Query::Printer, 0x32), one(|s| s.waiting_recovery = true));
    assert_eq!(read(Query::Printer, 0x52), one(|s| s.feed_button = true));
    assert_eq!(read(Query::Offline, 0x16), one(|s| s.cover_open = true));
    assert_eq!(read(Query::Offline, 0x1A), one(|s| s.feeding = true));
    assert_eq!(read(Query::Offline, 0x32), one(|s| s.paper_stop = true));
    assert_eq!(read(Query::Offline, 0x52), one(|s| s.error = true));
    assert_eq!(read(Query::Error, 0x16), one(|s| s.mechanical = true));
    assert_eq!(read(Query::Error, 0x1A), one(|s| s.cutter = true));
    assert_eq!(read(Query::Error, 0x32), one(|s| s.unrecoverable = true));
    assert_eq!(read(Query::Error, 0x52), one(|s| s.auto_recoverable = true));
    assert_eq!(read(Query::Paper, 0x1E), one(|s| s.near_end = true));
    assert_eq!(read(Query::Paper, 0x72), one(|s| s.paper_end = true));
}

#[test]
fn every_value_of_every_asb_byte_is_refused_or_read_and_written_back() {
    let healthy = [0x10, 0, 0, 0x0F];
    for at in 0..4 {
        for byte in 0..=255_u8 {
            let mut bytes = healthy;
            bytes[at] = byte;
            let fixed = if at == 0 { byte & 0x93 == 0x10 } else { byte & 0x90 == 0 };
            let read = Status::from_asb(bytes);
            assert_eq!(read.is_ok(), fixed, "byte {at} {byte:02X}");
            if let (Ok(status), 0) = (read, at) {
                assert_eq!(status.to_asb()[0], byte);
            }
            if let (Ok(status), 1) = (read, at) {
                assert_eq!(status.to_asb()[1], byte);
            }
            if let (Ok(status), 2) = (read, at) {
                assert_eq!(status.near_end, byte & 3 != 0);
                assert_eq!(status.paper_end, byte & 0x0C != 0);
            }
        }
    }
}

#[test]
fn the_worst_problem_is_named_and_near_end_is_none() {
    assert_eq!(Status::default().problem(), None);
    assert_eq!(Status { near_end: true, ..Status::default() }.problem(), None);
    let bad = Status { paper_end: true, cover_open: true, offline: true, ..Status::default() };
    assert_eq!(bad.problem(), Some(Problem::CoverOpen));
    assert_eq!(Status { cover_open: false, ..bad }.problem(), Some(Problem::PaperEnd));
    assert_eq!(Status { offline: true, ..Status::default() }.problem(), Some(Problem::Offline));
}

#[test]
fn the_queued_paper_answer_is_told_from_real_time_answers_by_its_fixed_bits() {
    for byte in 0..=255_u8 {
        let read = PaperAnswer::parse(byte);
        assert_eq!(read.is_ok(), byte & 0x90 == 0);
        assert!(!(read.is_ok() && Status::is_answer(byte)));
    }
    let status = Status { near_end: true, paper_end: true, ..Status::default() };
    assert_eq!(
        PaperAnswer::parse(PaperAnswer::of(&status)),
        Ok(PaperAnswer { near_end: true, paper_end: true })
    );
}

/// What a printer can send: an answer that somebody waits for, or a state that nobody asked for.
fn said() -> impl Strategy<Value = (bool, Vec<u8>)> {
    let answer = (0..=255_u8).prop_filter("an answer", |byte| {
        Status::is_answer(*byte) || PaperAnswer::parse(*byte).is_ok()
    });
    let block = any::<[u8; 4]>().prop_map(|[a, b, c, d]| {
        // Every block there can be, whatever a maker puts into its free bits.
        vec![(a & !0x93) | 0x10, b & !0x90, c & !0x90, d & !0x90]
    });
    prop_oneof![answer.prop_map(|byte| (true, vec![byte])), block.prop_map(|block| (false, block))]
}

proptest! {
    /// Blocks anywhere between answers; reads may cut them anywhere, because the filter is fed byte by byte and remembers.
    #[test]
    fn only_answers_pass_and_no_piece_of_an_automatic_state(
        all in proptest::collection::vec(said(), 0..40),
        reads in proptest::collection::vec(1..7_usize, 1..10),
    ) {
        let stream: Vec<u8> = all.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        let answers: Vec<u8> =
            all.iter().filter(|(answer, _)| *answer).flat_map(|(_, bytes)| bytes.clone()).collect();
        let mut filter = AutoStatusFilter::default();
        let (mut rest, mut passed, mut read) = (&stream[..], Vec::new(), reads.iter().cycle());
        while !rest.is_empty() {
            let (now, later) = rest.split_at((*read.next().expect("some")).min(rest.len()));
            passed.extend(now.iter().filter_map(|byte| filter.pass(*byte)));
            rest = later;
        }
        prop_assert_eq!(passed, answers);
    }

    /// A real-time answer or noise in mid-block ends no block: the rest of it is still no answer.
    #[test]
    fn what_gets_into_a_block_does_not_turn_its_rest_into_answers(
        at in 1..4_usize,
        noise in (0..=255_u8).prop_filter("of no block", |byte| byte & 0x90 != 0 && byte & 0x93 != 0x10),
        answer in (0..=255_u8).prop_filter("an answer", |byte| byte & 0x90 == 0),
    ) {
        let mut stream = Status { near_end: true, ..Status::default() }.to_asb().to_vec();
        stream.insert(at, noise);
        stream.push(answer);
        let mut filter = AutoStatusFilter::default();
        let passed: Vec<u8> = stream.into_iter().filter_map(|byte| filter.pass(byte)).collect();
        prop_assert_eq!(passed, [noise, answer]);
    }
}

#[test]
fn a_block_that_begins_anew_is_a_whole_one() {
    let mut filter = AutoStatusFilter::default();
    let stream = [0x10, 0x00, 0x14, 0x00, 0x00, 0x0F, 0x00];
    let passed: Vec<u8> = stream.into_iter().filter_map(|byte| filter.pass(byte)).collect();
    assert_eq!(passed, [0x00]);
}

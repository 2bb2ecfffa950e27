//! What a held lease promises: order, idempotence, and every deal exactly once to whoever comes and goes.

use proptest::prelude::*;
use tokio::sync::mpsc;
use wire::v1::Hex;
use wire::v1::client::ServerBody;

use super::*;
use crate::sample::Sample;

/// A client that keeps its last deal, as a player's page does.
#[derive(Default)]
struct Client {
    deals: Vec<u64>,
    frames: Option<mpsc::Receiver<Vec<Push>>>,
}

impl Client {
    fn connect(&mut self, held: &mut HeldLease, connection: u64, older: &[Arc<DealResult>]) {
        let (outlet, frames) = Outlet::bounded(connection, 64);
        let after = self.deals.last().copied().unwrap_or(0);
        let missed = held.missed(after, older).expect("older holds all results");
        held.attach(&outlet, ServerBody::Pong { sent_ms: connection }.into(), missed);
        self.frames = Some(frames);
    }

    /// Reads what is there; a connection that breaks loses what was not read.
    fn read(&mut self, most: usize) {
        let Some(frames) = &mut self.frames else { return };
        for _ in 0..most {
            let Ok(batch) = frames.try_recv() else { return };
            for push in batch {
                if let ServerBody::Result(result) = push.body {
                    self.deals.push(result.deal);
                }
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Deal,
    TopUp,
    Read(usize),
    Break,
    Connect,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Deal),
        1 => Just(Step::TopUp),
        2 => (1usize..4).prop_map(Step::Read),
        1 => Just(Step::Break),
        2 => Just(Step::Connect),
    ];
    proptest::collection::vec(step, 1..60)
}

proptest! {
    #[test]
    fn a_client_that_comes_and_goes_sees_every_deal_once_and_in_order(steps in steps()) {
        let mut sample = Sample::new();
        let mut held = sample.held();
        let (mut client, mut all, mut connection) = (Client::default(), Vec::new(), 0);
        for step in steps {
            match step {
                Step::Deal | Step::TopUp => {
                    let record = if matches!(step, Step::Deal) { sample.deal() } else { sample.top_up() };
                    if let Folded::Deal { result, .. } = sample.fold(&mut held, &record).unwrap() {
                        held.tell(ServerBody::Result(Box::new((*result).clone())), None);
                        all.push(result);
                    }
                }
                Step::Read(most) => client.read(most),
                Step::Break => {
                    held.detach(connection);
                    client.frames = None;
                }
                Step::Connect => {
                    connection += 1;
                    client.connect(&mut held, connection, &all);
                }
            }
        }
        client.connect(&mut held, connection + 1, &all);
        client.read(usize::MAX);
        let expected: Vec<u64> = all.iter().map(|result| result.deal).collect();
        prop_assert_eq!(client.deals, expected);
    }

    #[test]
    fn records_that_come_late_twice_or_early_give_the_same_state(order in Just((1usize..=8).collect::<Vec<_>>()).prop_shuffle()) {
        let mut sample = Sample::new();
        let (mut straight, mut shuffled) = (sample.held(), sample.held());
        let records: Vec<Record> = (1..=8).map(|n| if n % 3 == 0 { sample.top_up() } else { sample.deal() }).collect();
        for record in &records {
            sample.fold(&mut straight, record).unwrap();
        }
        for index in order {
            let mut record = Some(records[index - 1].clone());
            while let Some(next) = record {
                sample.fold(&mut shuffled, &next).unwrap();
                prop_assert!(matches!(sample.fold(&mut shuffled, &next).unwrap(), Folded::Known | Folded::Early));
                record = shuffled.take_early();
            }
        }
        prop_assert_eq!(shuffled.state(), straight.state());
    }
}

#[test]
fn an_intent_is_next_bound_taken_or_out_of_order_by_its_number_and_content() {
    let mut sample = Sample::new();
    let mut held = sample.held();
    assert_eq!(held.place(&sample.intent(1, 10)), Ok(Place::Next));
    let record = sample.deal();
    let Folded::Deal { result, .. } = sample.fold(&mut held, &record).unwrap() else { panic!("a deal") };
    assert_eq!(held.place(&sample.intent(1, 10)), Ok(Place::Bound(result)));
    assert_eq!(held.place(&sample.intent(1, 11)), Err(RefusalCode::DealTaken));
    assert_eq!(held.place(&sample.intent(2, 10)), Ok(Place::Next));
    assert_eq!(held.place(&sample.intent(3, 10)), Err(RefusalCode::DealOutOfOrder));
    assert_eq!(held.place(&sample.intent(0, 10)), Err(RefusalCode::DealOutOfOrder));
}

#[test]
fn a_deal_older_than_the_ring_is_taken_whatever_its_content() {
    let mut sample = Sample::new();
    let mut held = sample.held();
    for _ in 0..=limits::RING {
        let record = sample.deal();
        sample.fold(&mut held, &record).unwrap();
    }
    assert_eq!(held.place(&sample.intent(1, 10)), Err(RefusalCode::DealTaken));
    assert!(matches!(held.place(&sample.intent(2, 10)), Ok(Place::Bound(_))));
    assert!(held.missed(0, &[]).is_none());
}

#[test]
fn after_the_closing_record_or_a_let_go_no_deal_is_next() {
    let mut sample = Sample::new();
    let mut held = sample.held();
    held.let_go();
    assert_eq!(held.place(&sample.intent(1, 10)), Err(RefusalCode::LeaseClosed));
    let mut held = sample.held();
    let closing = sample.close();
    let Folded::Closed(closed) = sample.fold(&mut held, &closing).unwrap() else { panic!("the end") };
    assert_eq!(closed.deals, 0);
    assert_eq!(held.place(&sample.intent(1, 10)), Err(RefusalCode::LeaseClosed));
}

#[test]
fn a_deal_whose_key_is_unknown_changes_nothing() {
    let mut sample = Sample::new();
    let mut held = sample.held();
    let record = sample.deal();
    let before = held.state().clone();
    let folded = held.fold(&record, IntentSignature::Valid, |_| Err(RunError::NoKey(1)));
    assert!(matches!(folded, Err(FoldError::Run(RunError::NoKey(1)))));
    assert_eq!(held.state(), &before);
    assert!(matches!(sample.fold(&mut held, &record), Ok(Folded::Deal { .. })));
}

#[test]
fn a_forged_intent_in_the_log_is_void_and_costs_nothing() {
    let mut sample = Sample::new();
    let mut held = sample.held();
    let mut record = sample.deal();
    if let RecordBody::Deal(bound) = &mut record.body {
        bound.intent.signature = Hex([1; 64]);
    }
    let Folded::Deal { result, .. } = sample.fold(&mut held, &record).unwrap() else { panic!("a deal") };
    assert!(result.void.is_some());
    assert_eq!(held.state().progress.in_play_minor, sample.terms.escrow_minor);
}

#[test]
fn only_the_asking_connection_gets_the_answers_number() {
    let sample = Sample::new();
    let mut held = sample.held();
    let (watching, mut seen) = Outlet::bounded(1, 8);
    let (other, mut unseen) = Outlet::bounded(2, 8);
    held.attach(&watching, ServerBody::Pong { sent_ms: 0 }.into(), vec![]);
    let asker = |outlet: &Outlet| Asker {
        player: sample.terms.player,
        outlet: outlet.clone(),
        re: 7,
        trace: telemetry::Trace::root(),
        since: telemetry::Timer::start(),
    };
    held.tell(ServerBody::Pong { sent_ms: 1 }, Some(&asker(&watching)));
    held.tell(ServerBody::Pong { sent_ms: 2 }, Some(&asker(&other)));
    held.detach(2);
    held.tell(ServerBody::Pong { sent_ms: 3 }, None);
    let mut re = Vec::new();
    while let Ok(batch) = seen.try_recv() {
        re.extend(batch.into_iter().map(|push| push.re));
    }
    assert_eq!(re, [None, Some(7), None, None]);
    assert!(unseen.try_recv().is_err());
}

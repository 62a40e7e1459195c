//! The gate never lets in more than its budget, and always lets in something.

use std::sync::atomic::{AtomicU64, Ordering};

use super::super::Admission;

#[test]
fn the_sum_stays_within_the_budget() {
    let (gate, in_work, most) = (Admission::new(100), AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for worker in 0..8 {
            let (gate, in_work, most) = (&gate, &in_work, &most);
            scope.spawn(move || {
                for round in 0..200 {
                    let bytes = 1 + (worker * 37 + round * 11) % 60;
                    let ticket = gate.enter(bytes);
                    let now = in_work.fetch_add(bytes, Ordering::SeqCst) + bytes;
                    most.fetch_max(now, Ordering::SeqCst);
                    std::thread::yield_now();
                    in_work.fetch_sub(bytes, Ordering::SeqCst);
                    drop(ticket);
                }
            });
        }
    });
    assert!(most.into_inner() <= 100);
}

#[test]
fn what_is_larger_than_the_budget_goes_alone() {
    let gate = Admission::new(10);
    drop(gate.enter(1_000));
    let small = gate.enter(4);
    std::thread::scope(|scope| {
        let large = scope.spawn(|| drop(gate.enter(1_000)));
        drop(small);
        large.join().unwrap();
    });
    drop(gate.enter(10));
}

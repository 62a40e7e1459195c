//! A gate that bounds the memory of the pictures in work.
//!
//! It counts bytes that others announce; it must not know pictures.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A blocking gate over a budget of bytes.
#[derive(Debug)]
pub struct Admission {
    budget: u64,
    state: Mutex<State>,
    changed: Condvar,
}

/// First come, first served: else a large picture would wait until all the small ones are done.
#[derive(Debug, Default)]
struct State {
    in_use: u64,
    arrived: u64,
    admitted: u64,
}

/// The right to hold the announced bytes; dropping it gives them back.
#[derive(Debug)]
#[must_use = "the bytes are free again as soon as the ticket is dropped"]
pub struct Ticket<'gate> {
    gate: &'gate Admission,
    bytes: u64,
}

impl Admission {
    /// Makes a gate that lets in at most `budget` bytes at once.
    pub fn new(budget: u64) -> Self {
        Self { budget, state: Mutex::default(), changed: Condvar::new() }
    }

    /// Waits until `bytes` fit; what is larger than the whole budget is let in alone.
    pub fn enter(&self, bytes: u64) -> Ticket<'_> {
        let mut state = self.lock();
        let place = state.arrived;
        state.arrived += 1;
        while state.admitted != place
            || (state.in_use > 0 && state.in_use.saturating_add(bytes) > self.budget)
        {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.admitted += 1;
        state.in_use += bytes;
        drop(state);
        self.changed.notify_all();
        Ticket { gate: self, bytes }
    }

    // A holder that panicked has dropped its ticket, so the count is right in a poisoned lock too.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.gate.lock().in_use -= self.bytes;
        self.gate.changed.notify_all();
    }
}

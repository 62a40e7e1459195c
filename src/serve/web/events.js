// The open connection over which the server tells its state; it comes back by itself.

/** Calls `onstate(state, before)` for each state and `onlost()` when the connection breaks. */
export function listen({ onstate, onlost }) {
  let source = null;
  let state = null;
  let retry = 0;

  function connect() {
    clearTimeout(retry);
    if (source || document.hidden) return;
    source = new EventSource('/_/events');
    source.addEventListener('state', (event) => {
      const before = state;
      state = JSON.parse(event.data);
      onstate(state, before);
    });
    // Browsers wait ever longer between their attempts, and give up on some answers: a second is right for an author.
    source.addEventListener('error', () => {
      leave();
      onlost();
      retry = setTimeout(connect, 1000);
    });
  }

  function leave() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  // A browser keeps at most six connections to one host: a tab that nobody sees gives its one up, or the seventh tab
  // would wait for ever. Coming back it is told the state at once.
  document.addEventListener('visibilitychange', () => (document.hidden ? leave() : connect()));
  addEventListener('pagehide', leave);
  addEventListener('pageshow', connect);
  connect();
}

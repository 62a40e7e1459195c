// The browser's end of `shangjia serve`: hears of every new version of the shop and brings it into the open page.
// The server puts this script into every page it answers; the built site never has it.
(async () => {
  const own = document.currentScript;
  const [{ listen }, { Page }, { Preview }] = await Promise.all(
    ['events', 'morph', 'preview'].map((name) => import(`/_/${name}.js`)));
  const page = new Page(own);
  let session;

  // One fetch at a time. What comes meanwhile is remembered as a wish only, so of many versions the newest is fetched.
  let busy = false;
  let wanted = false;
  let otherView = false; // drafts or the time of the view were changed since the last fetch began
  async function update() {
    wanted = true;
    if (busy) return;
    busy = true;
    while (wanted) {
      const newView = otherView;
      wanted = otherView = false;
      const outcome = await page.update(session);
      // A page that does not exist in this view is shown as missing: the old one would belie the bar.
      if (newView && (outcome === 'missing' || outcome === 'unready')) location.reload();
      preview.page(outcome);
    }
    busy = false;
  }

  // Drafts and time hold for every tab, as the cookie does that keeps them.
  const tabs = new BroadcastChannel('shangjia-view');
  function see() {
    otherView = true;
    update();
  }
  tabs.addEventListener('message', () => {
    preview.view();
    see();
  });
  const preview = new Preview({
    onview: () => {
      tabs.postMessage(null);
      see();
    },
  });

  listen({
    onstate: (state, before) => {
      const restarted = state.session !== before?.session;
      session = state.session;
      preview.state(state);
      // The first state also brings what happened between the page's answer and this connection.
      if (restarted || state.version !== before.version) update();
      if (restarted || state.findings !== before.findings) preview.findings();
    },
    onlost: () => preview.offline(),
  });
})();

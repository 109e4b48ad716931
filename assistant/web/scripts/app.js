// The page around the chat: language, colours, gloss, copying, and what Gradio's own parts need to be usable in both directions.
// Everything shown comes from the server escaped; this file only sets attributes and text.
(() => {
  const isnad = window.isnad, root = document.documentElement;
  const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private windows may refuse */ } };
  const set = (element, name, value) => { if (element.getAttribute(name) !== value) element.setAttribute(name, value); };
  // In one pass, and by a function: what is put in may itself hold braces or `$&`.
  const word = (key, facts = {}) =>
    isnad.strings[isnad.language][key].replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(facts, name) ? facts[name] : whole));
  const box = () => document.querySelector('#ask textarea');
  Object.assign(isnad, { word, box, tidy, setLanguage, setGloss, setOptions, setScope, nextTheme, go, at, address, context, place, fetch: ask });

  function setLanguage(language) {
    isnad.language = language;
    keep('isnad-language', language);
    root.lang = language;
    root.dir = language === 'ar' ? 'rtl' : 'ltr';
    tidy();
    document.dispatchEvent(new Event('isnad-language'));
  }

  // ---- what goes along with a question: the language, the articles asked, the reader's settings
  const kept = (key, otherwise) => { try { return { ...otherwise, ...JSON.parse(localStorage.getItem(key)) }; } catch { return otherwise; } };
  isnad.options = kept('isnad-options', { quotes: null, model: true });
  isnad.scope = null;
  function context() { return JSON.stringify({ ui: isnad.language, scope: isnad.scope?.asked ?? null, ...isnad.options }); }
  function setOptions(options) { Object.assign(isnad.options, options); keep('isnad-options', JSON.stringify(isnad.options)); }
  // A scope is { asked: what the server is told, say: what the reader is told, in the language of the page }.
  function setScope(scope) { isnad.scope = scope; tidy(); }

  // ---- places: the address holds a view, and the source that is open
  function place() { return new URLSearchParams(location.hash.slice(1)); }
  // Sets some of it and keeps the rest: { articles, c (the conversation), src (the source) }.
  function address(changes, push = false) {
    const now = { ...Object.fromEntries(place()), ...changes };
    const parts = ['articles', 'c', 'src'].filter(key => now[key] != null && now[key] !== false).map(key => (key === 'articles' ? key : `${key}=${now[key]}`));
    const url = location.pathname + location.search + (parts.length ? '#' + parts.join('&') : '');
    history[push ? 'pushState' : 'replaceState'](history.state, '', url);
  }
  function go(view) { if ((view === 'articles') !== place().has('articles')) { address({ articles: view === 'articles' ? '' : null }, true); look(); } }
  // Called when a conversation has been opened, begun or left.
  isnad.conversation = '';
  function at(id) {
    isnad.conversation = id || '';
    address({ c: id || null });
    document.dispatchEvent(new CustomEvent('isnad-conversation', { detail: isnad.conversation }));
  }
  function look() {
    const view = place().has('articles') ? 'articles' : 'chat';
    if (document.body.dataset.view === view) return;
    document.body.dataset.view = view;
    tidy();
    document.dispatchEvent(new CustomEvent('isnad-view', { detail: view }));
  }
  window.addEventListener('hashchange', look);
  window.addEventListener('popstate', look);

  // ---- our own routes
  async function ask(path, parameters = {}, options = {}) {
    // A list is a parameter that is given more than once.
    const given = Object.entries({ ui: isnad.language, ...parameters }).flatMap(([name, value]) => [value].flat().map(each => [name, each]));
    const response = await fetch(`/api/${path}?${new URLSearchParams(given)}`, options);
    const said = await response.json();
    if (!response.ok) throw Object.assign(new Error(said.error), { said: said.error });
    return said;
  }

  // ---- colours
  const dark = matchMedia('(prefers-color-scheme: dark)');
  function paint() {
    const colours = isnad.theme === 'system' ? (dark.matches ? 'dark' : 'light') : isnad.theme;
    root.dataset.theme = isnad.theme;
    if (root.dataset.colours !== colours) root.dataset.colours = colours;
    document.body.classList.toggle('dark', colours === 'dark');
  }
  function nextTheme() {
    const order = ['system', 'light', 'dark'];
    isnad.theme = order[(order.indexOf(isnad.theme) + 1) % order.length];
    keep('isnad-theme', isnad.theme);
    paint();
    tidy();
  }
  dark.addEventListener('change', paint);

  // ---- names of controls, and the directions that Gradio fixes to left-to-right
  // Gradio names its buttons in the browser's language; their order is what can be relied on.
  const KINDS = ['copy', 'retry', 'undo'];
  function tidy() {
    if (document.title !== word('page_title')) document.title = word('page_title');
    for (const button of document.querySelectorAll('[data-label]')) {
      const label = word(button.dataset.act === 'theme' ? `theme_${isnad.theme}` : button.dataset.label);
      set(button, 'aria-label', label);
      if (button.tagName === 'BUTTON') set(button, 'title', label);
    }
    for (const option of document.querySelectorAll('[data-text]')) { const text = word(option.dataset.text); if (option.textContent !== text) option.textContent = text; }
    for (const field of document.querySelectorAll('input[type=search][data-label]')) { set(field, 'placeholder', word(field.dataset.label)); set(field, 'dir', field.value ? 'auto' : root.dir); }
    const menu = document.querySelector('#bar .menu'), opened = document.body.classList.contains('side-open');
    if (menu) { set(menu, 'aria-expanded', String(opened)); }
    for (const [view, link] of [['articles', '.library-link'], ['chat', '.chat-link']]) {
      const element = document.querySelector(`#side ${link}`);
      if (element && document.body.dataset.view === view) set(element, 'aria-current', 'page'); else element?.removeAttribute('aria-current');
    }
    const scope = document.querySelector('#scope .scope');
    if (scope) {
      const text = isnad.scope ? isnad.scope.say() : '';
      if (scope.hidden === Boolean(text)) scope.hidden = !text;
      const said = scope.querySelector('span');
      if (said.textContent !== text) said.textContent = text;
    }
    const name = (button, kind) => {
      button.dataset.kind = kind;
      if (button.classList.contains('said')) return;
      set(button, 'aria-label', word(kind));
      set(button, 'title', word(kind));
    };
    for (const row of document.querySelectorAll('#chat .message-buttons')) {
      row.querySelectorAll('.icon-button-wrapper button').forEach((button, place) => { if (KINDS[place]) name(button, KINDS[place]); });
    }
    for (const button of document.querySelectorAll('#chat .scroll-down-button-container button')) name(button, 'down');
    for (const message of document.querySelectorAll('#chat [data-testid=bot], #chat [data-testid=user]')) {
      set(message, 'dir', root.dir);
      message.removeAttribute('aria-label');
    }
    const log = document.querySelector('#chat [role=log]');
    if (log) { set(log, 'aria-label', word('log')); set(log, 'tabindex', '0'); }
    for (const button of document.querySelectorAll('#chat .gloss-switch')) set(button, 'aria-pressed', String(root.dataset.gloss !== 'off'));
    judges();
    const area = box();
    if (area) {
      // An empty box takes the page's direction, or the placeholder's last mark would stand on the wrong side.
      set(area, 'dir', area.value ? 'auto' : root.dir);
      set(area, 'id', 'question');
      set(area, 'placeholder', word('ask'));
      set(area, 'aria-label', word('ask_label'));
      const label = document.querySelector('#ask [data-testid=block-info]');
      if (label && label.textContent !== word('ask_label')) label.textContent = word('ask_label');
    }
    const send = document.querySelector('#ask button');
    if (send) { const kind = send.classList.contains('stop-button') ? 'stop' : 'send'; set(send, 'aria-label', word(kind)); set(send, 'title', word(kind)); }
  }
  let waiting = 0;
  const soon = () => { waiting ||= requestAnimationFrame(() => { waiting = 0; if (document.body) { tidy(); follow(); } }); };
  new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener('input', soon);

  // ---- a new answer is read from its question down: Gradio would scroll to its end
  let turns = 0;
  function follow() {
    const rows = document.querySelectorAll('#chat .user-row'), answers = document.querySelectorAll('#chat .answer').length;
    const seen = rows.length + answers;
    if (seen > turns && rows.length) {
      const scroller = rows[0].closest('[role=log]'), last = rows[rows.length - 1];
      const place = () => { scroller.scrollTop += last.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 20; };
      place();
      requestAnimationFrame(place);
    }
    turns = seen;
  }

  // ---- gloss on and off, for the whole page
  document.addEventListener('click', event => {
    if (event.target.closest('.gloss-switch')) setGloss(root.dataset.gloss === 'off');
    else if (event.target.closest('[data-act=scope-clear]')) { setScope(null); box()?.focus(); }
  });
  function setGloss(on) {
    root.dataset.gloss = on ? 'on' : 'off';
    keep('isnad-gloss', root.dataset.gloss);
    tidy();
  }

  // ---- the state of the index: looked at while the page is, more often while something is going on
  let runs = null, timer = 0, expected = 0;
  async function watch() {
    clearTimeout(timer);
    let state = null;
    if (!document.hidden) {
      try { state = await ask('state'); } catch { /* shown when something is asked */ }
    }
    if (state) {
      // Gradio puts the line in late, and again as it was when the server started.
      const line = document.querySelector('#status .status');
      if (line && line.dataset.runs !== String(state.runs)) {
        line.outerHTML = state.status;
        document.querySelector('#status .status').dataset.runs = state.runs;
      }
      say(document.querySelector('#status .now'), state);
      isnad.state = { ...state, news: runs !== null && runs !== state.runs };
      document.dispatchEvent(new CustomEvent('isnad-state', { detail: isnad.state }));
      runs = state.runs;
    }
    timer = setTimeout(watch, state?.doing === 'indexing' || performance.now() < expected ? 500 : 4000);
  }
  // What is going on with the index, or what went wrong with it, below the question box.
  function say(place, { doing, done, total, fault }) {
    if (!place) return;
    const text = doing === 'indexing' ? word(total ? 'indexing' : 'indexing_start', { done, total }) : fault || '';
    if (place.textContent !== text) place.textContent = text;
    place.hidden = !text;
    place.classList.toggle('wrong', doing !== 'indexing' && Boolean(fault));
  }
  // For whoever has just changed something: news are expected soon.
  isnad.watch = () => { expected = performance.now() + 8000; watch(); };
  document.addEventListener('visibilitychange', () => { if (!document.hidden) watch(); });

  // ---- judging and printing an answer
  const judged = new Map();  // turn -> true, false or null, as said in this window
  const verdict = answer => { const said = judged.get(answer.id); return said !== undefined ? said : answer.classList.contains('liked') ? true : answer.classList.contains('disliked') ? false : null; };
  function judges() {
    for (const answer of document.querySelectorAll('#chat .answer[id^="turn-"]')) {
      // Beside Gradio's own buttons, which stand below the message.
      const row = answer.closest('.message-row')?.nextElementSibling;
      if (!row?.classList.contains('message-buttons')) continue;
      let bar = row.querySelector('.judge');
      if (bar?.dataset.of !== answer.id) { bar?.remove(); bar = null; }
      if (!bar) {
        bar = document.createElement('div');
        bar.className = 'judge';
        bar.dataset.of = answer.id;
        for (const kind of ['like', 'dislike', 'print']) { const button = document.createElement('button'); button.type = 'button'; button.className = kind; button.dataset.judge = kind; bar.append(button); }
        row.append(bar);
      }
      const said = verdict(answer);
      for (const button of bar.querySelectorAll('button[data-judge]')) {
        set(button, 'aria-label', word(button.dataset.judge));
        set(button, 'title', word(button.dataset.judge));
        if (button.dataset.judge !== 'print') set(button, 'aria-pressed', String(said === (button.dataset.judge === 'like')));
      }
    }
  }
  const barOf = answer => document.querySelector(`#chat .judge[data-of="${answer.id}"]`);
  async function judge(answer, liked, comment = '') {
    const bar = barOf(answer);
    try {
      await ask('feedback', { turn: answer.id.slice(5) }, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ liked, comment }) });
    } catch (fault) { tell(bar, fault.said || word('unreachable')); return false; }
    judged.set(answer.id, liked);
    return true;
  }
  function tell(bar, text) {
    bar.querySelector('form, .said-so')?.remove();
    const line = document.createElement('span');
    line.className = 'said-so';
    line.setAttribute('role', 'status');
    line.textContent = text;
    bar.append(line);
    setTimeout(() => line.remove(), 4000);
  }
  function comment(answer, liked) {
    const bar = barOf(answer), form = document.createElement('form'), field = document.createElement('input'), send = document.createElement('button');
    bar.querySelector('form, .said-so')?.remove();
    field.maxLength = 4000; field.dir = 'auto';
    field.placeholder = word(liked ? 'why_like' : 'why_dislike');
    field.setAttribute('aria-label', field.placeholder);
    send.textContent = word('save');
    form.append(field, send);
    form.onsubmit = async event => { event.preventDefault(); if (await judge(answer, liked, field.value)) tell(bar, word('thanks')); };
    bar.append(form);
    field.focus({ preventScroll: true });
    form.scrollIntoView({ block: 'nearest' });
  }
  document.addEventListener('click', async event => {
    const button = event.target.closest?.('[data-judge]'), answer = button && document.getElementById(button.parentElement.dataset.of);
    if (!answer) return;
    if (button.dataset.judge === 'print') {
      const row = answer.closest('.message-row'), asked = [...document.querySelectorAll('#chat .user-row')].filter(each => each.compareDocumentPosition(row) & 4).pop();
      const printed = [row, asked].filter(Boolean);
      printed.forEach(each => each.classList.add('printed'));
      answer.querySelectorAll('details').forEach(each => { each.open = true; });
      document.body.classList.add('print-one');
      window.addEventListener('afterprint', () => { document.body.classList.remove('print-one'); printed.forEach(each => each.classList.remove('printed')); }, { once: true });
      window.print();
      return;
    }
    const liked = button.dataset.judge === 'like', again = verdict(answer) === liked;
    if (await judge(answer, again ? null : liked)) { if (again) barOf(answer)?.querySelector('form')?.remove(); else comment(answer, liked); }
    judges();
  });

  // ---- copying: readable text that the server wrote, where Gradio would copy the markup
  isnad.copy = async (text, button) => {
    let said = 'copied';
    try { await navigator.clipboard.writeText(text); } catch { said = 'copy_failed'; }
    button.classList.add('said');
    button.setAttribute('title', word(said));
    button.setAttribute('aria-label', word(said));
    setTimeout(() => { button.classList.remove('said'); tidy(); }, 1600);
  };
  window.addEventListener('click', event => {
    const button = event.target.closest?.('#chat .message-buttons button');
    if (!button || button.dataset.kind !== 'copy') return;
    event.stopImmediatePropagation();
    event.preventDefault();
    let row = button.closest('.message-buttons');
    while (row && !row.querySelector('.plain')) row = row.previousElementSibling || row.parentElement;
    const texts = row ? row.querySelectorAll('.plain, .failed .notice') : [];
    if (texts.length) isnad.copy(texts[texts.length - 1].textContent, button);
  }, true);

  // The parts of the page may run before the document is complete: what they call is there from the beginning.
  const begin = () => { look(); paint(); tidy(); watch(); };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', begin); else begin();
})();

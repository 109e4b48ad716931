// Runs with the side: a new chat, the way to the articles, the conversations that are kept, the drawer on narrow screens.
const isnad = window.isnad, word = isnad.word, body = document.body;
const kept = element.querySelector('.past'), list = kept?.querySelector('ul'), search = kept?.querySelector('input[type=search]');
let asked = 0, following = null, timer = 0, late = false;

const drawer = open => { body.classList.toggle('side-open', open); isnad.tidy(); };
function make(tag, classes, text) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  if (text !== undefined) made.textContent = text;
  return made;
}

// ---- the list
// A menu or a new title that is being typed would be lost with its row: the list is drawn anew when they are done with.
const busy = () => Boolean(list.querySelector('.menu, .rename'));
async function load(more = false) {
  if (!kept) return;
  if (!more && busy()) { late = true; return; }
  const turn = ++asked, query = search.value.trim();
  let page;
  try { page = await isnad.fetch('conversations', { ...(query ? { q: query } : {}), ...(more && following ? { after: following } : {}) }); }
  catch (fault) { if (turn === asked) tell(fault.said || word('unreachable')); return; }
  if (turn !== asked) return;
  if (!more && busy()) { late = true; return; }
  if (!more) late = false;
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const row = !more && focused?.closest('li[data-id]')?.dataset.id;
  tell('');
  following = page.following;
  list.querySelector('.further')?.remove();
  if (!more) list.replaceChildren();
  for (const each of page.conversations) {
    const when = query ? '' : period(each.changed), last = [...list.querySelectorAll('.when')].pop();
    if (when && last?.dataset.when !== when) { const heading = make('li', 'when', word(when)); heading.dataset.when = when; list.append(heading); }
    list.append(item(each));
  }
  if (following) {
    const further = make('li', 'further'), button = make('button', '', word('more'));
    button.type = 'button';
    button.onclick = () => load(true);
    further.append(button);
    list.append(further);
  }
  const none = kept.querySelector('.none');
  none.hidden = list.childElementCount > 0;
  if (query) none.textContent = word('none_found'); else if (none.childElementCount === 0) none.textContent = word('no_conversations');
  mark();
  if (row) list.querySelector(`li[data-id="${CSS.escape(row)}"] .${focused.className}`)?.focus({ preventScroll: true });
}
// Conversations stand under the period in which they were last used; those that a search found stand by themselves.
function period(changed) {
  const day = date => new Date(date.getFullYear(), date.getMonth(), date.getDate());
  const days = Math.round((day(new Date()) - day(new Date(changed))) / 86_400_000);
  return days <= 0 ? 'today' : days === 1 ? 'yesterday' : days <= 7 ? 'this_week' : days <= 30 ? 'this_month' : 'earlier';
}
function tell(line) {
  const fault = kept.querySelector('.fault');
  fault.hidden = !line;
  fault.textContent = line;
}
function item({ id, title, excerpt }) {
  const row = make('li'), open = make('a', 'open'), name = make('bdi', 'of', title), more = make('button', 'more');
  row.dataset.id = id;
  open.href = '#c=' + id;
  open.title = title;
  name.dir = 'auto';
  open.append(name);
  if (excerpt && excerpt.end > excerpt.start && excerpt.text !== title) {
    // Offsets count characters, of which JavaScript may need two for one.
    const letters = [...excerpt.text], part = (start, end) => letters.slice(start, end).join('');
    const found = make('bdi', 'excerpt');
    found.dir = 'auto';
    found.append(part(0, excerpt.start), make('mark', '', part(excerpt.start, excerpt.end)), part(excerpt.end));
    open.append(found);
  }
  more.type = 'button';
  more.setAttribute('aria-label', word('more_of', { title }));
  more.setAttribute('aria-haspopup', 'true');
  more.setAttribute('aria-expanded', 'false');
  row.append(open, more);
  return row;
}
function mark() {
  for (const row of list.querySelectorAll('li[data-id]')) {
    if (row.dataset.id === isnad.conversation) row.firstElementChild.setAttribute('aria-current', 'true'); else row.firstElementChild.removeAttribute('aria-current');
  }
}

// ---- what can be done with one
function menu(row) {
  const opened = row.querySelector('.menu');
  shut();
  if (opened) return;
  const box = make('div', 'menu'), id = row.dataset.id;
  const entry = (key, act) => { const button = make('button', key, word(key)); button.type = 'button'; button.onclick = act; box.append(button); return button; };
  const save = form => { const link = make('a'); link.href = `/api/conversations/export?${new URLSearchParams({ id, form, ui: isnad.language })}`; link.download = ''; link.click(); shut(); };
  entry('rename', () => rename(row)).focus();
  entry('export_markdown', () => save('md'));
  entry('export_json', () => save('json'));
  const gone = entry('delete', async () => {
    if (!gone.dataset.sure) { gone.dataset.sure = 'yes'; gone.textContent = word('delete_sure'); return; }
    try {
      await isnad.fetch('conversations', { id }, { method: 'DELETE' });
      if (isnad.conversation === id) trigger('fresh');
      shut();
      load();
    } catch (fault) { tell(fault.said || word('unreachable')); }
  });
  box.addEventListener('keydown', event => {
    const entries = [...box.children], place = entries.indexOf(document.activeElement);
    if (event.key === 'Escape') { event.stopPropagation(); shut(); row.querySelector('.more').focus(); }
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); entries[(place + (event.key === 'ArrowDown' ? 1 : entries.length - 1)) % entries.length].focus(); }
  });
  row.append(box);
  row.querySelector('.more').setAttribute('aria-expanded', 'true');
  box.querySelector('button').focus();
  box.scrollIntoView({ block: 'nearest' });
}
function shut() {
  for (const box of list?.querySelectorAll('.menu') ?? []) { box.parentElement.querySelector('.more').setAttribute('aria-expanded', 'false'); box.remove(); }
  if (late) { late = false; load(); }
}
function rename(row) {
  shut();
  const open = row.querySelector('.open'), field = make('input', 'rename'), before = open.querySelector('.of').textContent;
  field.value = before; field.maxLength = 200; field.dir = 'auto';
  field.setAttribute('aria-label', word('new_title'));
  open.hidden = true;
  row.prepend(field);
  field.focus(); field.select();
  let ended = false;
  const end = async keep => {
    if (ended) return;
    ended = true;
    if (keep && field.value.trim() !== before) {
      try {
        const { title } = await isnad.fetch('conversations', { id: row.dataset.id }, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ title: field.value }) });
        open.querySelector('.of').textContent = title;
      } catch (fault) { tell(fault.said || word('unreachable')); }
    }
    const here = document.activeElement === field;
    field.remove();
    open.hidden = false;
    if (here) open.focus();
    if (late) { late = false; load(); }
  };
  // While a word is being composed, Enter and Escape belong to it.
  field.onkeydown = event => { if (event.isComposing) return; if (event.key === 'Enter') end(true); else if (event.key === 'Escape') { event.stopPropagation(); end(false); } };
  field.onblur = () => end(true);
}

// ---- events
element.addEventListener('click', event => {
  const act = event.target.closest('[data-act]')?.dataset.act, open = event.target.closest('a.open'), more = event.target.closest('.more');
  if (open) {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    trigger('opened', { id: open.parentElement.dataset.id });
    isnad.go('chat');
    drawer(false);
  } else if (more) menu(more.parentElement);
  else if (act === 'fresh') { trigger('fresh'); isnad.go('chat'); drawer(false); isnad.box()?.focus(); }
  else if (act === 'chat') { event.preventDefault(); isnad.go('chat'); drawer(false); isnad.box()?.focus(); }
  else if (act === 'articles') { event.preventDefault(); isnad.go('articles'); drawer(false); }
  else if (act === 'menu') drawer(false);
});
document.addEventListener('click', event => {
  if (event.target.closest('#bar [data-act=menu]')) drawer(!body.classList.contains('side-open'));
  if (list && !event.target.closest('.menu, .more')) shut();
});
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && body.classList.contains('side-open')) { event.preventDefault(); drawer(false); document.querySelector('#bar [data-act=menu]')?.focus(); }
});
search?.addEventListener('input', () => { shut(); clearTimeout(timer); timer = setTimeout(load, 180); });
document.addEventListener('isnad-conversation', () => { if (!kept) return; mark(); if (!search.value.trim()) load(); });
document.addEventListener('isnad-language', () => load());
// The state may be known before this runs.
const count = state => { element.querySelector('.count').textContent = state.articles.toLocaleString('en'); };
document.addEventListener('isnad-state', event => count(event.detail));
if (isnad.state) count(isnad.state);
if (kept) {
  load();
  const wanted = isnad.place().get('c');
  if (wanted) trigger('opened', { id: wanted });
  window.addEventListener('popstate', () => { const id = isnad.place().get('c'); if (id && id !== isnad.conversation) trigger('opened', { id }); });
}

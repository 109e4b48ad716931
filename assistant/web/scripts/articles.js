// Runs with the list of articles: fetches its rows, sends files, removes them, and says which articles are asked.
// Rows and the timeline come from the server as HTML that it escaped; everything else is put in as text.
const isnad = window.isnad, word = isnad.word;
const $ = selector => element.querySelector(selector);
const form = $('.filters'), uploads = $('.uploads'), body = $('tbody');
const picked = new Map();  // file -> title
// Files on their way out of the folder and the index -> what puts each back; none while its removal is being asked for.
const leaving = new Map();
const BOXES = 'input[data-file]:enabled';
let sort = { by: 'date', order: 'desc' }, page = 1, asked = 0, found = null, missed = false, timer = 0;

function make(tag, classes, text) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  if (text !== undefined) made.textContent = text;
  return made;
}
const filters = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
const here = () => document.body.dataset.view === 'articles';

async function load() {
  const turn = ++asked;
  const taken = [...leaving].filter(([, token]) => token).slice(0, 20);  // an address holds only so much
  let list;
  try { list = await isnad.fetch('articles', { ...filters(), sort: sort.by, order: sort.order, page, leaving: taken.map(([file]) => file) }); }
  catch { if (turn === asked) { missed = true; $('.tally').textContent = word('unreachable'); } return; }
  if (turn !== asked) return;
  missed = false;
  found = list;
  page = list.page;
  body.innerHTML = list.rows;
  $('.timeline').innerHTML = list.timeline;
  $('.sheet table').hidden = !list.count;
  $('.nothing').hidden = Boolean(list.count);
  $('.not-found').hidden = !list.all;
  $('.not-there').hidden = Boolean(list.all);
  $('.filters').hidden = !list.all;
  $('.add').hidden = !list.changeable;
  outlets(list.outlets);
  // Those that the list no longer holds, or the folder holds again; one that was removed anew meanwhile has another token.
  for (const [file, token] of taken) if (!list.leaving.includes(file) && leaving.get(file) === token) leaving.delete(file);
  tell();
}
// The choice of outlets follows the folder.
function outlets(list) {
  const select = form.elements.outlet, chosen = select.value;
  const known = [...select.options].slice(1).map(option => option.value);
  if (known.join('\n') !== list.map(([name]) => name).join('\n')) {
    [...select.options].slice(1).forEach(option => option.remove());
    for (const [name, count] of list) select.append(new Option(`${name} (${count})`, name));
    select.value = list.some(([name]) => name === chosen) ? chosen : '';
  }
  select.hidden = !list.length;
}
// What is shown and chosen, in words and in the state of the controls.
function tell() {
  if (!found) return;
  $('.tally').textContent = word('showing', { shown: found.count, all: found.all });
  const pager = $('.pager');
  pager.hidden = found.pages < 2;
  pager.querySelector('span').textContent = word('page_of', { i: found.page, n: found.pages });
  $('[data-act=page-back]').disabled = found.page <= 1;
  $('[data-act=page-forth]').disabled = found.page >= found.pages;
  for (const button of element.querySelectorAll('[data-act=sort]')) {
    const mine = button.dataset.sort === sort.by;
    const cell = button.closest('th');
    if (mine) cell.setAttribute('aria-sort', sort.order === 'asc' ? 'ascending' : 'descending'); else cell.removeAttribute('aria-sort');
    button.title = word('sort_by', { column: word('column_' + button.dataset.sort) });
  }
  for (const row of body.rows) {
    const controls = row.querySelectorAll('[data-file]'), gone = leaving.has(controls[0]?.dataset.file), tag = row.querySelector('.tag');
    tag.dataset.was ??= tag.textContent;
    tag.textContent = gone ? word('state_leaving') : tag.dataset.was;
    row.classList.toggle('leaving', gone);
    for (const control of controls) control.disabled = gone;
  }
  for (const box of body.querySelectorAll('input[data-file]')) box.checked = picked.has(box.dataset.file);
  const boxes = [...body.querySelectorAll(BOXES)];
  const all = $('[data-act=all]');
  all.checked = boxes.length > 0 && boxes.every(box => box.checked);
  all.indeterminate = !all.checked && boxes.some(box => box.checked);
  $('[type=reset]').hidden = !Object.keys(filters()).length;
  const ask = $('[data-act=ask-shown]');
  ask.classList.toggle('by-choice', picked.size > 0);
  ask.hidden = !picked.size && !(found.count && Object.keys(filters()).length && found.scope);
  if (picked.size) $('.tally').textContent += ' · ' + word('chosen', { n: picked.size });
}
const date = iso => new Intl.DateTimeFormat(isnad.language === 'ar' ? 'ar-EG-u-nu-latn' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso + 'T00:00Z'));
// The articles that are asked from now on: those chosen, or those that the filters leave.
function narrow() {
  const titles = [...picked.values()], shown = filters(), files = [...picked.keys()];
  if (files.length) {
    isnad.setScope({ asked: { files }, say: () => word('scope_only') + ' ' + (files.length === 1 ? titles[0] : word('scope_files', { n: files.length })) });
  } else {
    const asked = found.scope;
    const parts = () => [shown.q && `“${shown.q}”`, shown.outlet, shown.language && word('in_' + shown.language),
      shown.since || shown.until ? `${shown.since ? date(shown.since) : '…'} – ${shown.until ? date(shown.until) : '…'}` : ''].filter(Boolean).join(' · ');
    isnad.setScope({ asked, say: () => word('scope_only') + ' ' + parts() });
  }
  isnad.go('chat');
  isnad.box()?.focus();
}

// ---- adding: one request a file, so that each has its own progress and its own result
const waiting = [];
let sending = 0;
function take(files) {
  // What can still be put back stays.
  uploads.replaceChildren(...[...uploads.children].filter(item => ['sending', 'removed'].includes(item.dataset.state)));
  for (const file of files) {
    const item = make('li'), name = make('bdi', 'file', file.name), bar = make('progress'), said = make('span', 'said', word('uploading'));
    item.dataset.state = 'sending';
    name.dir = 'auto';
    bar.max = 1; bar.value = 0;
    bar.setAttribute('aria-label', file.name);
    item.append(name, bar, said);
    uploads.append(item);
    waiting.push({ file, item, bar, said });
  }
  next();
}
function next() {
  while (sending < 2 && waiting.length) {
    const { file, item, bar, said } = waiting.shift(), request = new XMLHttpRequest();
    const end = (state, text) => { item.dataset.state = state; bar.remove(); said.textContent = text; sending--; if (!sending && !waiting.length) isnad.watch(); next(); };
    sending++;
    request.open('POST', `/api/articles?${new URLSearchParams({ ui: isnad.language, name: file.name })}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = event => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.onerror = () => end('refused', word('upload_failed'));
    request.onload = () => {
      let said = {};
      try { said = JSON.parse(request.responseText); } catch { /* not ours */ }
      if (request.status === 200) { if (leaving.get(said.file)) stays(said.file); end(said.state, word(said.state === 'same' ? 'upload_same' : 'upload_added')); }
      else end('refused', said.error || word(request.status === 413 ? 'upload_refused' : 'upload_failed', { reason: word('upload_too_large', { n: 20 }) }));
    };
    request.send(file);
  }
}
// It is in the folder, again or still.
function stays(file) { leaving.delete(file); tell(); }
async function remove(file) {
  const title = picked.get(file);
  leaving.set(file, '');
  picked.delete(file);
  tell();
  try {
    const { token } = await isnad.fetch('articles', { file }, { method: 'DELETE' });
    leaving.set(file, token);
    const item = make('li'), said = make('span', 'said', word('removed', { file })), back = make('button', 'quiet', word('put_back'));
    item.dataset.state = 'removed';
    back.type = 'button';
    back.onclick = async () => { try { await isnad.fetch('articles/restore', { token }, { method: 'POST' }); if (leaving.get(file) === token) stays(file); item.remove(); isnad.watch(); } catch (fault) { said.textContent = fault.said || word('unreachable'); } };
    item.append(said, back);
    uploads.prepend(item);
    back.focus();
    isnad.watch();
  } catch (fault) { if (title) picked.set(file, title); stays(file); say('refused', fault.said || word('unreachable')); body.querySelector(`[data-act=remove][data-file="${CSS.escape(file)}"]`)?.focus(); }
}
function say(state, text) {
  const item = make('li', '', '');
  item.dataset.state = state;
  item.append(make('span', 'said', text));
  uploads.prepend(item);
}

// ---- events
form.addEventListener('submit', event => event.preventDefault());
form.addEventListener('input', () => { clearTimeout(timer); page = 1; timer = setTimeout(load, 180); });
form.addEventListener('reset', () => { page = 1; setTimeout(async () => { await load(); form.elements.q.focus(); }); });
element.addEventListener('change', event => {
  const box = event.target;
  if (box.type === 'file') { take(box.files); box.value = ''; return; }
  const title = each => each.closest('tr').querySelector('.title').textContent;
  if (box.dataset.act === 'all') for (const each of body.querySelectorAll(BOXES)) { if (box.checked) picked.set(each.dataset.file, title(each)); else picked.delete(each.dataset.file); }
  else if (box.dataset.file !== undefined) { if (box.checked) picked.set(box.dataset.file, title(box)); else picked.delete(box.dataset.file); }
  else return;
  tell();
});
element.addEventListener('click', async event => {
  const button = event.target.closest('button[data-act]');
  switch (button?.dataset.act) {
    case 'sort': sort = { by: button.dataset.sort, order: sort.by === button.dataset.sort ? (sort.order === 'asc' ? 'desc' : 'asc') : ['date', 'size'].includes(button.dataset.sort) ? 'desc' : 'asc' }; page = 1; load(); break;
    case 'page-back': page--; load(); break;
    case 'page-forth': page++; load(); break;
    case 'period': {
      const on = button.getAttribute('aria-pressed') === 'true';
      form.elements.since.value = on ? '' : button.dataset.since;
      form.elements.until.value = on ? '' : button.dataset.until;
      page = 1;
      await load();
      break;
    }
    case 'ask-shown': narrow(); break;
    case 'remove': remove(button.dataset.file); break;
    case 'look': try { await isnad.fetch('articles/look', {}, { method: 'POST' }); say('same', word('indexing_start')); isnad.watch(); } catch (fault) { say('refused', fault.said || word('unreachable')); } break;
  }
});
const drop = $('.drop');
let over = 0;
const files = event => event.dataTransfer && [...event.dataTransfer.types].includes('Files') && here() && found?.changeable;
document.addEventListener('dragenter', event => { if (files(event)) { over++; drop.hidden = false; } });
document.addEventListener('dragleave', event => { if (files(event) && --over <= 0) { over = 0; drop.hidden = true; } });
document.addEventListener('dragover', event => { if (files(event)) event.preventDefault(); });
document.addEventListener('drop', event => { if (!files(event)) return; event.preventDefault(); over = 0; drop.hidden = true; take(event.dataTransfer.files); });
document.addEventListener('isnad-view', event => { if (event.detail === 'articles') { load(); requestAnimationFrame(() => $('h2').focus({ preventScroll: true })); } });
document.addEventListener('isnad-language', () => { if (found) load(); });
document.addEventListener('isnad-state', event => {
  const { doing, done, total, news, last, fault } = event.detail;
  const line = uploads.querySelector('.index') || make('li', 'index');
  if (doing === 'indexing') {
    line.dataset.state = 'sending';
    const bar = make('progress');
    bar.max = total || 1; if (total) bar.value = done;
    line.replaceChildren(make('span', 'said', total ? word('indexing', { done, total }) : word('indexing_start')), bar);
    uploads.prepend(line);
  } else if (fault) { line.dataset.state = 'refused'; line.replaceChildren(make('span', 'said', fault)); uploads.prepend(line); }
  else if (news && last) {
    line.dataset.state = 'added';
    line.replaceChildren(make('span', 'said', word('indexed_now', last)));
    uploads.prepend(line);
    setTimeout(() => line.remove(), 8000);
  } else if (line.dataset.state === 'refused' || line.dataset.state === 'sending') line.remove();
  if ((news || missed) && here()) load();  // what could not be fetched is fetched once the server is there again
});
if (here()) load();

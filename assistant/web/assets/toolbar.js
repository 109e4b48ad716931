// Runs with the toolbar; `trigger` sends one of our two events to the server.
element.addEventListener('click', event => {
  const act = event.target.closest('[data-act]')?.dataset.act;
  if (act === 'language') { window.isnad.setLanguage(window.isnad.language === 'ar' ? 'en' : 'ar'); trigger('language'); }
  else if (act === 'theme') window.isnad.nextTheme();
  else if (act === 'fresh') { trigger('fresh'); window.isnad.box()?.focus(); }
});

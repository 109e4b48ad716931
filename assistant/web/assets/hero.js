// Runs with the empty state: a suggested question is asked as it stands.
element.addEventListener('click', event => {
  const button = event.target.closest('[data-act=suggest]');
  if (button) { trigger('suggested', { question: button.textContent }); window.isnad.box()?.focus(); }
});

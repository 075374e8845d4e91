// Shows what /events tells, four times a second. Everything that guests have a say in goes through textContent.

const samplesShown = 240;
const history = [];
const byId = id => document.getElementById(id);
const element = (name, text, ...children) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  made.append(...children);
  return made;
};

for (const button of document.querySelectorAll('button')) {
  button.onclick = () => fetch(`start?${new URLSearchParams(button.dataset)}`, { method: 'POST' });
}

const events = new EventSource('events');
events.onmessage = message => show(JSON.parse(message.data));
events.onopen = () => tellConnection('live', 'live');
events.onerror = () => tellConnection('lost', 'the server does not answer');

function tellConnection(state, text) {
  byId('connection').dataset.state = state;
  byId('connection').textContent = text;
}

function show(snapshot) {
  const numbers = { ...snapshot, mebibytes: Math.round(snapshot.memoryBytes / 2 ** 20) };
  for (const place of document.querySelectorAll('[data-number]')) {
    place.textContent = numbers[place.dataset.number].toLocaleString('en');
  }
  showHistory(snapshot);
  showGuests(snapshot);
  byId('oldest').replaceChildren(...snapshot.guests.slice(0, 3).map(guest =>
    entry(guest, `${(guest.milliseconds / 1000).toFixed(1)} s`, describe(guest))));
  byId('failures').replaceChildren(...snapshot.failures.slice(0, 3).map(failure =>
    entry(failure, failure.status, failure.reason)));
}

function showHistory(snapshot) {
  history.push(snapshot);
  if (history.length > samplesShown) history.shift();
  const highest = Math.max(50, ...history.map(sample => Math.max(sample.suspended, sample.threads)));
  const height = value => 100 - 94 * value / highest;
  const line = name => history.map((sample, i) => `${i ? 'L' : 'M'}${samplesShown - history.length + i + 1},${height(sample[name])}`).join('');
  byId('suspended-line').setAttribute('d', line('suspended'));
  byId('suspended-area').setAttribute('d', `${line('suspended')}V100H${samplesShown - history.length + 1}Z`);
  byId('threads-line').setAttribute('d', line('threads'));
  byId('scale').textContent = highest.toLocaleString('en');
  label('threads-label', `${snapshot.threads} threads`, height(snapshot.threads));
  // Two labels never lie on each other: the upper one gives way.
  label('suspended-label', `${snapshot.suspended.toLocaleString('en')} suspended`, Math.min(height(snapshot.suspended), height(snapshot.threads) - 16));
}

function label(id, text, top) {
  byId(id).textContent = text;
  byId(id).style.top = `${top}%`;
}

// Who has used up its fuel lets the others go first.
const computes = guest => guest.state !== 'Suspended' || guest.waitsFor === 'fuel';

function showGuests({ guests, guestCount }) {
  byId('guest-count').textContent = guestCount > guests.length ? `the first ${guests.length.toLocaleString('en')} of ${guestCount.toLocaleString('en')}` : '';
  byId('guests').replaceChildren(...guests.map(guest => {
    const square = element('i');
    square.className = !guest.state ? '' : computes(guest) ? 'running' : 'suspended';
    // The longer it waits, the more of its colour it has.
    square.style.opacity = .3 + .7 * Math.min(1, guest.milliseconds / 1000);
    square.title = `${guest.id} ${guest.command}\n${describe(guest)}`;
    return square;
  }));
}

function describe(guest) {
  if (!guest.state) return 'begins or ends';
  const does = computes(guest) ? 'computes' : `waits for ${guest.waitsFor}`;
  return guest.stack ? `${does}\n${guest.stack}` : does;
}

const entry = ({ id, command }, value, text) => element('li', undefined,
  element('div', undefined, element('b', `${id} ${command}`), element('em', value)),
  element('pre', text));

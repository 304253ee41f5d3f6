// The state of this gateway, as its public endpoints tell it: nothing here needs a key, and nothing is shown that was not answered.

const REFRESH_MILLIS = 5000;
const REQUEST_MILLIS_MAX = 4000;

const byId = (id) => document.getElementById(id);

async function ask(path) {
  return fetch(path, { signal: AbortSignal.timeout(REQUEST_MILLIS_MAX), cache: 'no-store' });
}

/** What to say of the gateway, and whether that is good. */
async function state() {
  try {
    const health = await ask('health');
    const version = health.headers.get('x-plexus-version');
    const name = version ? `Version ${version}` : 'It';
    if (health.ok) {
      return { good: true, text: `${name} is up.` };
    }
    const said = (await health.text()).trim();
    return { good: false, text: said === 'draining' ? `${name} is stopping and takes no new requests.` : `${name} answers ${health.status}.` };
  } catch {
    return { good: false, text: 'The gateway does not answer.' };
  }
}

/** The model names, or null when they could not be had. */
async function models() {
  try {
    const answer = await ask('v1/models');
    if (!answer.ok) {
      return null;
    }
    const list = await answer.json();
    return Array.isArray(list.data) ? list.data.map((model) => String(model.id)) : null;
  } catch {
    return null;
  }
}

function showCurl(model) {
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Hello' }] });
  const quoted = body.replaceAll("'", "'\\''");
  byId('curl').textContent = [
    `curl -N ${new URL('v1/chat/completions', location.href)} \\`,
    "  -H 'Authorization: Bearer YOUR_KEY' -H 'Content-Type: application/json' \\",
    `  -d '${quoted}'`,
  ].join('\n');
}

/** Keeps the chosen model through refreshes; the list is only rebuilt when it changed. */
function modelList() {
  let shown = null;
  let chosen = null;

  function choose(name) {
    chosen = name;
    for (const button of byId('models').querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button.textContent === name));
    }
    showCurl(name);
  }

  return (names) => {
    byId('models-note').textContent = names === null ? 'The list of models could not be had.'
      : names.length === 0 ? 'The configuration names no models yet.'
      : 'What clients may ask for. Choose one for the command below, which is for chat models.';
    const key = JSON.stringify(names);
    if (names === null || key === shown) {
      return;
    }
    shown = key;
    byId('models').replaceChildren(...names.map((name) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = name;
      button.addEventListener('click', () => choose(name));
      const item = document.createElement('li');
      item.append(button);
      return item;
    }));
    choose(names.includes(chosen) ? chosen : names[0] ?? 'MODEL');
  };
}

const showModels = modelList();

async function refresh() {
  const [now, names] = await Promise.all([state(), models()]);
  byId('state').dataset.state = now.good ? 'good' : 'bad';
  if (byId('state').textContent !== now.text) {
    byId('state').textContent = now.text;
  }
  showModels(names);
}

async function keepFresh() {
  if (!document.hidden) {
    await refresh();
  }
  setTimeout(keepFresh, REFRESH_MILLIS);
}

byId('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(byId('curl').textContent);
    byId('copied').textContent = 'Copied.';
  } catch {
    getSelection().selectAllChildren(byId('curl'));
    byId('copied').textContent = 'Selected: copy it with your keyboard.';
  }
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) {
    refresh();
  }
});
showCurl('MODEL');
keepFresh();

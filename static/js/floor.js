// The speaker's clock counts down; the screen in the room shows what the chair does; the chair is told when another chair
// has done something. The clock on the wall goes by the server's time: `data-now` when the page was made, later the header
// X-Server-Time. Times are milliseconds since 1970.
const POLL = 2000;
const TICK = 250;
const SOON = 30;

let offset = 0;

export function enhance(element) {
  if ("clock" in element.dataset) startClock(element);
  else if ("screen" in element.dataset) follow(element.dataset.source, redraw, { atOnce: true });
  else follow(element.dataset.source, () => (element.hidden = false));
}

function startClock(clock) {
  offset = Number(clock.dataset.now) - Date.now();
  const time = clock.querySelector("[data-clock-time]");
  const said = clock.querySelector("[data-clock-said]");
  let before;
  time.classList.remove("clock__time--until");

  function draw() {
    const seconds = secondsLeft(clock);
    time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    clock.toggleAttribute("data-is-soon", seconds <= SOON);
    // A screen reader hears of it twice, and not every second.
    if (before > SOON && seconds <= SOON && seconds > 0) said.textContent = clock.dataset.soon;
    if (before > 0 && seconds === 0) said.textContent = clock.dataset.over;
    if (seconds === 0 && clock.dataset.ends) {
      clock.querySelector("[data-clock-state]").textContent = clock.dataset.over;
    }
    before = seconds;
  }

  draw();
  const timer = setInterval(() => (clock.isConnected ? draw() : clearInterval(timer)), TICK);
}

function secondsLeft({ dataset }) {
  if (!dataset.ends) return Number(dataset.left);
  return Math.max(0, Math.ceil((Number(dataset.ends) - Date.now() - offset) / 1000));
}

/**
 * Asks every other second whether what stands at an address has changed, and calls `changed` when it has; `atOnce` also the
 * first time, because something may have changed since the page was made.
 */
function follow(address, changed, { atOnce = false } = {}) {
  let tag;
  async function ask() {
    try {
      const asked = Date.now();
      const answer = await fetch(address, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      const server = Number(answer.headers.get("X-Server-Time"));
      if (server) offset = server - (asked + Date.now()) / 2;
      if (answer.ok) {
        const isNew = atOnce || tag !== undefined;
        tag = answer.headers.get("ETag");
        if (isNew) await changed();
      }
    } catch {
      // A line that is down for a moment: ask again.
    }
    setTimeout(ask, POLL);
  }
  ask();
}

/** The page as it is now takes the place of the page as it was; the server writes both, so that there is one way to draw. */
async function redraw() {
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = document.adoptNode(fresh.querySelector("[data-screen]"));
  document.querySelector("[data-screen]").replaceWith(now);
  now.querySelectorAll("[data-clock]").forEach(startClock);
  const said = document.querySelector("[data-screen-said]");
  const who = now.querySelector("[data-screen-speaker]")?.textContent.trim() ?? "";
  if (said.textContent !== who) said.textContent = who;
}

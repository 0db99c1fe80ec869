// The pages work without this script, which saves reloads: Test Hook shows its result beside the form, and the list of
// deliveries is live.
(() => {
  "use strict";

  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  // Test Hook: the same request as without a script; of the page that comes back, only this form's answer and its
  // errors are taken, so what was typed stays where it is.
  const takeOver = (form, page) => {
    const fresh = page.getElementById(form.id);
    const target = document.getElementById(form.dataset.result);
    const result = page.getElementById(form.dataset.result);
    if (!fresh || !target || !result) return false;
    form.querySelectorAll(".error, [data-errors]").forEach((old) => old.remove());
    form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
    fresh.querySelectorAll(".error").forEach((error) => {
      const field = error.id && document.getElementById(error.id.replace(/-error$/, ""));
      if (field) {
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", `${field.id}-help ${error.id}`);
        field.after(error);
        field.closest("details")?.setAttribute("open", "");
      } else {
        target.before(error);
      }
    });
    target.replaceChildren(...result.childNodes);
    document.querySelectorAll("[data-fresh]").forEach((old) => {
      const now = page.getElementById(old.id);
      if (now) old.replaceWith(now);
    });
    form.querySelector("[aria-invalid]")?.focus();
    return true;
  };

  // The form is never sent instead: without its button, it would be saved.
  const sayUntested = (form, text) => {
    const line = document.createElement("p");
    line.className = "error";
    line.textContent = text;
    document.getElementById(form.dataset.result).replaceChildren(line);
  };

  // What a page without the form says, without its sign.
  const refusal = (page) =>
    page.querySelector("[role=alert]")?.textContent.replace("✕", "").trim() || "Runbell did not test it. Try again.";

  document.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button?.hasAttribute("data-test")) return;
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    const form = event.target;
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(button.formAction, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "text/html" },
        redirect: "error",
      });
      const page = parse(await answer.text());
      if (!takeOver(form, page)) sayUntested(form, refusal(page));
    } catch {
      sayUntested(form, "Runbell did not respond. Check that it is running, and try again.");
    } finally {
      button.removeAttribute("aria-busy");
    }
  });

  // Leaving a form with unsaved changes is asked about, unless it is that form which is sent. One that comes back from
  // the service with errors or a conflict is not saved either. The version is not typed: a test that enables the channel
  // changes it.
  const content = (form) => {
    const typed = new URLSearchParams(new FormData(form));
    typed.delete("version");
    return typed.toString();
  };
  const guarded = [...document.querySelectorAll("form[data-unsaved]")];
  const saved = new Map(guarded.map((form) => [form, form.dataset.unsaved ? null : content(form)]));
  let sent = null;
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) sent = event.target;
  });
  addEventListener("pageshow", () => (sent = null));
  addEventListener("beforeunload", (event) => {
    if (guarded.some((form) => form !== sent && saved.get(form) !== content(form))) event.preventDefault();
  });

  // Choosing another preview needs no second click.
  document.querySelectorAll("form[data-submit-on-change] select").forEach((select) => {
    select.addEventListener("change", () => select.form.requestSubmit());
  });

  // Searching the kinds of channels: what does not match is hidden, and so is a group without a match.
  document.querySelectorAll("[data-search]").forEach((field) => {
    field.hidden = false;
    const list = document.getElementById(field.dataset.search);
    const empty = document.getElementById(`${field.dataset.search}-empty`);
    field.querySelector("input").addEventListener("input", (event) => {
      const wanted = event.target.value.trim().toLowerCase();
      list.querySelectorAll("section").forEach((group) => {
        const items = [...group.querySelectorAll("li")];
        const name = group.querySelector("h3").textContent.toLowerCase();
        items.forEach((item) => {
          item.hidden = !`${name} ${item.textContent.toLowerCase()}`.includes(wanted);
        });
        group.hidden = items.every((item) => item.hidden);
      });
      empty.hidden = [...list.children].some((group) => !group.hidden);
    });
  });

  // Times are in UTC; pointing at one tells it in the reader's own time, and how long ago it was.
  const ago = (milliseconds) => {
    const [size, unit] = [[86400e3, "day"], [3600e3, "hour"], [60e3, "minute"], [1e3, "second"]].find(
      ([size]) => Math.abs(milliseconds) >= size,
    ) ?? [1e3, "second"];
    return new Intl.RelativeTimeFormat("en").format(Math.trunc(milliseconds / size), unit);
  };
  document.addEventListener("pointerover", (event) => {
    const time = event.target.closest?.("time[datetime]");
    if (!time) return;
    const moment = new Date(time.dateTime);
    time.title = `${moment.toLocaleString()} (your time), ${ago(moment - Date.now())}`;
  });

  // Copying: without a script the text can be selected, and without access to the clipboard it is.
  if (navigator.clipboard) {
    document.querySelectorAll("[data-copy]").forEach((button) => {
      button.hidden = false;
      button.addEventListener("click", async () => {
        const text = document.getElementById(button.dataset.copy);
        try {
          await navigator.clipboard.writeText(text.textContent);
          button.textContent = "Copied";
          setTimeout(() => (button.textContent = "Copy"), 2000);
        } catch {
          getSelection().selectAllChildren(text);
        }
      });
    });
  }

  document.querySelectorAll("[data-link]").forEach((place) => {
    place.textContent = location.origin + place.textContent;
  });

  // The live list: only rows that differ are exchanged, so that focus and selection stay.
  const list = document.querySelector("table[data-live]");
  if (!list || !window.EventSource) return;
  const body = list.tBodies[0];
  const state = document.querySelector("[data-live-state]");
  const say = (text) => {
    if (state.textContent !== text) state.textContent = text;
  };
  // A row that has changed keeps the focus, and stays selected.
  const stops = (row) => [...row.querySelectorAll("a, input")];
  const exchange = (old, row) => {
    const before = stops(old);
    const place = before.indexOf(document.activeElement);
    const isChosen = old.querySelector(":checked") !== null;
    old.innerHTML = row.innerHTML;
    const box = old.querySelector("input");
    if (box) box.checked = isChosen;
    const after = stops(old);
    if (place >= 0) (after.at(place - before.length) ?? after[0]).focus({ preventScroll: true });
  };
  const show = (event) => {
    const rows = [...parse(`<table>${event.data}</table>`).querySelectorAll("tr")];
    const wanted = new Set(rows.map((row) => row.id));
    [...body.rows].forEach((row) => wanted.has(row.id) || row.remove());
    rows.forEach((row, place) => {
      const old = document.getElementById(row.id);
      if (old && old.innerHTML !== row.innerHTML) exchange(old, row);
      if (!old) row.classList.add("new");
      const here = body.rows[place] ?? null;
      if ((old ?? row) !== here) body.insertBefore(old ?? row, here);
    });
    document.querySelector("[data-empty]")?.toggleAttribute("hidden", rows.length > 0);
  };
  const follow = () => {
    const source = new EventSource(list.dataset.live);
    source.addEventListener("open", () => say("● Live: updates automatically."));
    const end = () => {
      source.close();
      say("○ No longer live. Reload the page to continue.");
    };
    // A browser connects again after a lost connection, but not after an answer that is no stream: the session has ended.
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) return end();
      say("○ Not live: connection lost. Reconnecting…");
    });
    source.addEventListener("end", end);
    source.addEventListener("rows", show);
    addEventListener("pagehide", () => source.close(), { once: true });
  };
  follow();
  // A page that comes back from the browser's cache, as it was left, has to connect anew.
  addEventListener("pageshow", (event) => event.persisted && follow());
})();

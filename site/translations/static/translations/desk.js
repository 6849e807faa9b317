// Saves a translation while it is written; keeps it in the browser where that fails, and
// where readers would see each word at once ("held") until somebody saves it.
const PAUSE_MS = 1500;
const LOOK_MS = 700;
const AGAIN_MS = 5000;

class DeskController extends window.StimulusModule.Controller {
  static targets = ["row", "seen", "error", "status", "progress", "offer"];
  static values = {
    store: String, saving: String, saved: String, offline: String, denied: String, kept: String,
    conflict: String, held: Boolean, unsaved: Boolean,
  };

  connect() {
    this.clean = this.asSaved();
    if (this.unsavedValue) this.holdBack(this.words());
    else if (this.isKeptSaved()) localStorage.removeItem(this.storeValue);
    this.offerTarget.hidden = this.unsavedValue || !localStorage.getItem(this.storeValue);
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.leave = (event) => { if (this.isDirty() || this.hasNote()) event.preventDefault(); };
    window.addEventListener("beforeunload", this.leave);
    this.element.addEventListener("submit", () => {
      clearInterval(this.timer);
      window.removeEventListener("beforeunload", this.leave);
      if (this.heldValue && this.isDirty()) this.keep(this.words());
    });
  }

  disconnect() {
    clearInterval(this.timer);
    window.removeEventListener("beforeunload", this.leave);
  }

  // What is written, by segment key.
  words() {
    const data = new FormData(this.element);
    return Object.fromEntries(this.rowTargets.map((row, place) => [row.dataset.key, data.get(`text-${place}`)]));
  }

  // What is saved: somebody quick has typed before this script ran, and a page that
  // comes with errors holds words that are not.
  asSaved() {
    if (this.unsavedValue) return {};
    const saved = this.words();
    this.rowTargets.forEach((row, place) => {
      const area = row.querySelector(`textarea[name="text-${place}"]`);
      if (area) saved[row.dataset.key] = this.seenTargets[place].value;
    });
    return saved;
  }

  // Whether the words that were kept have been saved meanwhile.
  isKeptSaved() {
    const kept = JSON.parse(localStorage.getItem(this.storeValue) ?? "{}");
    const plain = (text) => text.replace(/\s+/g, " ").trim();
    return Object.entries(this.clean).every(([key, text]) => plain(kept[key] ?? text) === plain(text));
  }

  // Words the server did not take: not sent again before somebody changes them.
  holdBack(words) {
    this.refused = JSON.stringify(words);
    this.keep(words);
  }

  isDirty() {
    return JSON.stringify(this.words()) !== JSON.stringify(this.clean);
  }

  // Whether a note was begun and not sent.
  hasNote() {
    return [...this.element.querySelectorAll("[data-pg-note]")].some((area) => area.value.trim());
  }

  look() {
    const now = JSON.stringify(this.words());
    if (now !== this.last) {
      this.last = now;
      this.changedAt = Date.now();
    } else if (this.isDirty() && now !== this.refused && !this.busy && Date.now() - this.changedAt > (this.failed ? AGAIN_MS : PAUSE_MS)) {
      if (!this.heldValue) this.save();
      else this.keep(this.words());
    }
  }

  async save() {
    this.busy = true;
    const sent = this.words();
    this.say(this.savingValue);
    const answer = await this.send(new FormData(this.element));
    this.failed = !answer.found;
    if (answer.ok && answer.found) this.accept(answer.found, sent);
    else this.refuse(answer.found ?? { locked: answer.isDenied ? this.deniedValue : this.offlineValue }, sent);
    this.changedAt = Date.now();
    this.busy = false;
  }

  // The server's answer; nothing found where none came, or not from the desk.
  async send(data) {
    let answer;
    try {
      const headers = { Accept: "application/json" };
      answer = await fetch(window.location.href, { method: "POST", body: data, headers });
      return { ok: answer.ok, found: await answer.json() };
    } catch {
      return { ok: false, isDenied: Boolean(answer) && (answer.redirected || answer.status === 403) };
    }
  }

  accept(found, sent) {
    this.clean = sent;
    this.refused = undefined;
    if (Object.keys(found.conflicts).length) this.keep(sent);
    else localStorage.removeItem(this.storeValue);
    this.offerTarget.hidden = true;
    this.rowTargets.forEach((row, place) => {
      const { key } = row.dataset;
      const theirs = found.conflicts[key];
      this.seenTargets[place].value = found.seen[key] ?? "";
      this.show(row, theirs === undefined ? "" : `${this.conflictValue} ${theirs.replace(/<[^>]*>/g, " ")}`);
      row.querySelector(".pg-row-checks").innerHTML = found.checks[key] ?? "";
    });
    this.progressTarget.innerHTML = found.progress;
    this.dispatch("saved");
    this.say(`${this.savedValue} ${found.saved_at}`);
  }

  refuse(found, sent) {
    if (!this.failed) this.clean = sent;
    this.keep(sent);
    const errors = found.errors ?? {};
    this.rowTargets.forEach((row) => this.show(row, errors[row.dataset.key] ?? ""));
    this.say(found.locked ?? Object.values(errors)[0] ?? "");
  }

  keep(words) {
    localStorage.setItem(this.storeValue, JSON.stringify(words));
  }

  show(row, text) {
    const place = row.querySelector("[data-pg-desk-target=error]");
    place.textContent = text;
    place.hidden = !text;
  }

  say(text) {
    this.statusTarget.textContent = text;
  }

  // Sends what was kept and shows the page anew: only it can fill the text editors.
  async restore() {
    const kept = JSON.parse(localStorage.getItem(this.storeValue) ?? "{}");
    if (this.heldValue) {
      this.fill(kept);
      return;
    }
    const data = new FormData(this.element);
    this.rowTargets.forEach((row, place) => {
      const text = kept[row.dataset.key];
      if (text !== undefined) data.set(`text-${place}`, text);
    });
    const answer = await this.send(data);
    if (!answer.ok) return;
    localStorage.removeItem(this.storeValue);
    window.removeEventListener("beforeunload", this.leave);
    window.location.reload();
  }

  // Puts kept words into plain fields; nothing is sent.
  fill(kept) {
    this.rowTargets.forEach((row) => {
      const text = kept[row.dataset.key];
      const field = row.querySelector("textarea");
      if (text === undefined || !field) return;
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    this.offerTarget.hidden = true;
  }

  forget() {
    localStorage.removeItem(this.storeValue);
    this.offerTarget.hidden = true;
  }

  // Alt and an arrow lead to the text above or below; Ctrl+S saves at once, but never
  // to readers by a reflex.
  step(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      if (this.heldValue) {
        this.keep(this.words());
        this.say(this.keptValue);
      } else if (!this.busy) this.save();
    }
    if (!event.altKey || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const here = this.rowTargets.indexOf(event.target.closest("[data-key]"));
    const next = this.rowTargets[here + (event.key === "ArrowDown" ? 1 : -1)];
    next?.querySelector("textarea:not([hidden]), .public-DraftEditor-content")?.focus();
    if (next) event.preventDefault();
  }
}

window.wagtail.app.register("pg-desk", DeskController);

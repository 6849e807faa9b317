// Refreshes a sending's counts while it runs; without it, reloading the page does.
const EVERY_MS = 3000;
const REST = 9; // times as long as the answer took: a million mails take a while to count

class ProgressController extends window.StimulusModule.Controller {
  static targets = ["summary", "details"];
  static values = { url: String, running: Boolean };

  connect() {
    this.schedule();
  }

  disconnect() {
    clearTimeout(this.timer);
  }

  schedule(waitMs = EVERY_MS) {
    if (this.runningValue) {
      this.timer = setTimeout(() => this.refresh(), waitMs);
    }
  }

  async refresh() {
    const begun = performance.now();
    try {
      const response = await fetch(this.urlValue, {
        headers: { Accept: "application/json" },
      });
      if (response.ok) {
        const found = await response.json();
        this.runningValue = found.running;
        this.show(found);
      }
    } finally {
      this.schedule(Math.max(EVERY_MS, REST * (performance.now() - begun)));
    }
  }

  show({ summary, html }) {
    this.summaryTarget.innerHTML = summary;
    // A button in use must not vanish from under the keyboard.
    if (!this.detailsTarget.contains(document.activeElement)) {
      this.detailsTarget.innerHTML = html;
    }
  }
}

window.wagtail.app.register("pg-progress", ProgressController);

// Refreshes a sending's counts while it runs; without it, reloading the page does.
const EVERY_MS = 3000;

class ProgressController extends window.StimulusModule.Controller {
  static targets = ["summary", "details"];
  static values = { url: String, running: Boolean };

  connect() {
    this.schedule();
  }

  disconnect() {
    clearTimeout(this.timer);
  }

  schedule() {
    if (this.runningValue) {
      this.timer = setTimeout(() => this.refresh(), EVERY_MS);
    }
  }

  async refresh() {
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
      this.schedule();
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

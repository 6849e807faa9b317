// Refreshes a sending's counts while it runs; without it, reloading the page does.
const EVERY_MS = 3000;

class ProgressController extends window.StimulusModule.Controller {
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
        // A button in use must not vanish from under the keyboard.
        if (!this.element.contains(document.activeElement)) {
          this.element.innerHTML = found.html;
        }
      }
    } finally {
      this.schedule();
    }
  }
}

window.wagtail.app.register("pg-progress", ProgressController);

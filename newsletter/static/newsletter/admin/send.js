// Counts who would get an issue while somebody chooses; without it, a button does.
class PeopleController extends window.StimulusModule.Controller {
  static targets = ["people", "button"];
  static values = { url: String };

  disconnect() {
    this.asked?.abort();
  }

  async count(event) {
    if (!event.target.closest(".pg-choices")) {
      return;
    }
    this.asked?.abort();
    this.asked = new AbortController();
    const chosen = new URLSearchParams(new FormData(this.element));
    for (const name of ["csrfmiddlewaretoken", "reason", "typed", "at"]) {
      chosen.delete(name);
    }
    try {
      const response = await fetch(`${this.urlValue}?${chosen}`, {
        signal: this.asked.signal,
      });
      if (response.ok) {
        this.show(await response.text());
      }
    } catch (error) {
      if (error.name !== "AbortError") {
        throw error;
      }
    }
  }

  show(html) {
    this.peopleTarget.innerHTML = html;
    const label = this.peopleTarget.querySelector("[data-label]");
    for (const button of this.buttonTargets) {
      button.disabled = !label;
      button.textContent = label?.dataset.label ?? button.textContent;
    }
  }
}

window.wagtail.app.register("pg-people", PeopleController);

"""A site with some of everything, planted without the cost of publishing."""

from __future__ import annotations

from django.core.files.base import ContentFile

from front.models import PlainPage
from news.models import NewsIndexPage, NewsPage
from newsletter.models import (
    IssuePage,
    IssueStory,
    Newsletter,
    NewsletterIndexPage,
    NewsletterPage,
)
from offices.models import OfficeIndexPage
from pages import searching
from pages.models import BrandSettings
from pages.signals import readers_changed
from pictures.models import File
from tests.news.factories import NEWEST, make_picture
from tests.newsletter.trees import plant, plant_home
from tests.offices.factories import make_office
from topics.models import CountryIndexPage, CountryPage, ProjectIndexPage, ProjectPage

CODES = ("PE", "CO", "CL", "BO", "EC", "GT", "MX", "UY")
LEADS = {"lead_es": "Agua para todos.", "lead_en": "Water for all."}


class FilledSite:
    """Every kind of page; each `grow` adds to every list and to every body."""

    def __init__(self):
        self.home = plant_home()
        self.news = self._below(NewsIndexPage, "Noticias", "News")
        self.projects = self._below(ProjectIndexPage, "Proyectos", "Projects")
        self.countries = self._below(CountryIndexPage, "Países", "Countries")
        self.offices = self._below(OfficeIndexPage, "Oficinas", "Offices")
        self.newsletters = self._below(NewsletterIndexPage, "Boletines", "Newsletters")
        self.about = self._below(PlainPage, "Nosotros", "About us")
        BrandSettings.objects.create(site=self.home.get_site(), name_es="Minga")
        self.stories, self.body, self.rounds = [], [], 0
        self.project = self.country = self.newsletter = self.issue = None
        self._add_newsletter()
        self.grow()

    def pages(self):
        """One page of each kind."""
        return {
            "front page": self.home,
            "story": self.stories[0],
            "news index": self.news,
            "project index": self.projects,
            "project hub": self.project,
            "country index": self.countries,
            "country hub": self.country,
            "offices index": self.offices,
            "newsletter index": self.newsletters,
            "newsletter page": self.newsletter,
            "issue page": self.issue,
            "plain page": self.about,
        }

    def grow(self):
        """One more project, country, office, newsletter and issue, and six stories."""
        self.rounds += 1
        self._add_terms()
        self._add_stories()
        self._add_newsletter()
        self._write_bodies()
        readers_changed.send(sender=None, top="")
        searching.settle()

    def _below(self, model, spanish, english, **fields):
        page = model(headline_es=spanish, headline_en=english, **fields)
        page.show_in_menus = model is not PlainPage
        return plant(self.home, page)

    def _words(self, spanish, english):
        return {
            "headline_es": f"{spanish} {self.rounds}",
            "headline_en": f"{english} {self.rounds}",
        }

    def _add_terms(self):
        words = {**LEADS, **self._words("Agua", "Water")}
        project = plant(self.projects, ProjectPage(**words, picture=_picture()))
        words = {**LEADS, **self._words("País", "Country"), "picture": _picture()}
        country = CountryPage(code=CODES[self.rounds], **words)
        plant(self.countries, country)
        make_office(country.code)
        self._below(PlainPage, f"Pie {self.rounds}", "Foot", show_in_footer=True)
        self.project, self.country = self.project or project, self.country or country
        self.terms = project, country

    def _add_stories(self):
        for _number in range(6):
            place = len(self.stories)
            words = {"headline_es": f"Riego {place}", "headline_en": f"River {place}"}
            story = NewsPage(**LEADS, **words, date=NEWEST, picture=_picture())
            plant(self.news, story)
            story.projects.set({self.project, self.terms[0]})
            story.countries.set({self.country, self.terms[1]})
            story.save()
            self.stories.append(story)

    def _add_newsletter(self):
        newsletter = Newsletter.objects.create(
            key=f"n{self.rounds}", name_es="Boletín", from_address="a@site.example"
        )
        words = self._words("Boletín", "Newsletter")
        page = NewsletterPage(newsletter=newsletter, **words)
        plant(self.newsletters, page)
        self.newsletter = self.newsletter or page
        issue = plant(self.newsletter, IssuePage(**self._words("Número", "Issue")))
        self.issue = self.issue or issue

    def _write_bodies(self):
        """Two of each block more in every body, two stories more in the issue."""
        self.body += [block for story in self.stories[-2:] for block in _blocks(story)]
        for page in (self.stories[0], self.about, self.project, self.country):
            page.body_es = page.body_en = self.body
            page.save()
        for story in self.stories[-2:]:
            self.issue.stories.add(IssueStory(story=story))
        self.issue.save()


def _picture():
    return make_picture(alt_es="Un río", alt_en="A river", credit="JP")


def _blocks(story):
    """One block of each kind."""
    content = ContentFile(b"%PDF-1.4", name="informe.pdf")
    file = File.objects.create(title="Informe", file=content)
    picture = {"picture": _picture().pk, "alt_decision": "describe"}
    picture |= dict.fromkeys(("caption", "credit", "alt"), "")
    values = {
        "heading": "La asamblea",
        "paragraph": "<p>Agua para todos.</p>",
        "picture": picture,
        "pull_quote": {"text": "Sí.", "attribution": "Rosa Poma"},
        "document": {"file": file.pk, "label": ""},
        "embed": {"url": "https://video.example/1", "title": "Feria"},
        "related_story": story.pk,
    }
    return [{"type": kind, "value": value} for kind, value in values.items()]

"""The page in two languages."""

from __future__ import annotations

from http import HTTPMethod

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Exists, ExpressionWrapper, F, OuterRef
from django.http import Http404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.locks import WorkflowLock
from wagtail.models import (
    Page,
    PageManager,
    PagePermissionTester,
    PageViewRestriction,
    Site,
)
from wagtail.query import PageQuerySet
from wagtail.url_routing import RouteResult

from pages import locks, paths, rights
from pages.forms import BilingualCopyForm, BilingualPageForm
from pages.languages import current_language, field, language_name, languages
from pages.models.columns import DERIVED, SLUGS, LanguageColumns
from pages.models.deleted import was_deleted
from pages.signals import addresses_changed, draft_saved
from pages.words import clean_rich_text, without_base_fields

CODES = languages()
# What publishing sets on Wagtail's own row.
PUBLISHED = ["live_revision_id", "first_published_at", "last_published_at"]
PARENT = "_cached_parent_obj"  # where treebeard keeps it
# Wagtail looks each up that a version names, then keeps what the row says.
OF_THE_ROW = {
    "locale", "content_type", "latest_revision", "live_revision", "owner",
    "locked_by", "alias_of",
}  # fmt: skip


class BilingualPermissionTester(PagePermissionTester):
    """Who may do what: by language, and for the page as a whole (see `pages.rights`).

    Wagtail's own publishing is shut: publishing is asked for by language.
    """

    def __init__(self, user, page):
        super().__init__(user, page)
        self.languages = rights.languages_for(user, page)
        self.may_write_shared = rights.may_write_shared(user, page)
        self.may_delete_live = user.is_superuser
        if user.is_active and not user.is_superuser:
            self.may_delete_live = "publish" in self.permissions
            # Wagtail asks for this where a page is moved or put in another place.
            if rights.may_publish_all(user, page):
                self.permissions.add("publish")

    def can_edit(self):
        return super().can_edit() and bool(self.languages or self._is_reviewer())

    def _is_reviewer(self):
        task = self.page.current_workflow_task
        return bool(task and task.user_can_access_editor(self.page, self.user))

    def can_add_subpage(self):
        return super().can_add_subpage() and any(
            rights.may_write_shared(self.user, model) for model in self._types_below()
        )

    def _types_below(self):
        return self.page.specific_class.creatable_subpage_models()

    def can_delete(self, ignore_bulk=False):
        """What readers see is taken down first, except by an administrator.

        Lists ask this twice a row: where the page's own row answers, no query does.
        """
        if not self.may_write_shared or not super().can_delete(ignore_bulk):
            return False
        if self.may_delete_live or self.page.is_leaf():
            return self.may_delete_live or not self.page.live
        return not self.page.get_descendants(inclusive=True).live().exists()

    def can_move(self):
        return self.may_write_shared and super().can_delete(ignore_bulk=True)

    def can_reorder_children(self):
        return self.may_write_shared and super().can_reorder_children()

    def can_copy(self):
        return self.may_write_shared and super().can_copy()

    def can_publish(self):
        return False

    def can_publish_subpage(self):
        return False

    def can_set_view_restrictions(self):
        return super().can_publish() and self.user.has_perm(rights.RESTRICT)

    def can_unschedule(self):
        return super().can_publish()

    def can_submit_language(self, language):
        """Whether this person may ask for approval of this page in a language.

        A language that is not in review may join the one that is.
        """
        if language not in self.languages:
            return False
        waits = locks.in_review(self.page)
        is_free = language not in waits and not locks.is_held(
            self.page, language, self.user
        )
        return is_free if waits else self.can_submit_for_moderation()

    def can_confirm(self, language):
        """Whether this person may say that a translation is still right."""
        return self.can_edit() and rights.may_publish(self.user, language, self.page)

    def can_publish_language(self, language):
        """Whether this person may put this page before readers of a language."""
        if not self.user.is_active or self.page_is_root:
            return False
        is_held = locks.is_held(self.page, language, self.user)
        return not is_held and self.can_confirm(language)

    def can_publish_child_in(self, language):
        """The same for a page about to be made below this one."""
        return self.can_add_subpage() and any(
            rights.may_publish(self.user, language, model)
            for model in self._types_below()
        )

    def can_unpublish(self):
        return (
            self.page.live
            and self.may_write_shared
            and all(self.can_publish_language(code) for code in languages())
        )


def _is_restricted():
    path = ExpressionWrapper(OuterRef("path"), output_field=models.TextField())
    above = PageViewRestriction.objects.annotate(below=path)
    return Exists(above.filter(below__startswith=F("page__path")))


class BilingualPageQuerySet(PageQuerySet):
    """Pages as readers may find them."""

    def public(self):
        """As Wagtail's, in the same query: without what only some may see."""
        return self.exclude(_is_restricted())

    def with_restrictions(self):
        """Each page says in `is_restricted` whether only some may see it."""
        return self.annotate(is_restricted=_is_restricted())

    def published_in(self, language):
        """Pages published in a language, be it where nobody can read them."""
        return self.filter(live=True, **{f"live_{language}": True})

    def live_in(self, language):
        """Pages that readers find in a language, though perhaps not all readers."""
        has_address = {f"public_path_{language}__isnull": False}
        return self.published_in(language).filter(**has_address)

    def readable_in(self, language):
        """Pages that anyone may read in a language."""
        return self.live_in(language).public()


class BilingualPage(LanguageColumns, Page):
    """A page in one language or several; every page of the site is one."""

    headline = models.CharField(_("headline"), max_length=255, blank=True)
    meta_title = models.CharField(
        _("title for search engines"),
        max_length=255,
        blank=True,
        help_text=_("Leave empty to use the headline."),
    )
    meta_description = models.TextField(
        _("description for search engines"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences, shown under the title in search results."),
    )
    original_language = models.CharField(
        _("original language"),
        max_length=10,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_("The language it is written in; the others are translations."),
    )

    is_creatable = False
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
    exclude_fields_in_copy = ["slug", *SLUGS, *DERIVED]
    base_form_class = BilingualPageForm
    copy_form_class = BilingualCopyForm
    objects = PageManager.from_queryset(BilingualPageQuerySet)()
    # What a page not saved yet will stand under; set by the add form.
    future_parent = None
    # Whether publishing has just cleaned it: Wagtail's action would a second time.
    is_checked = False

    class Meta:
        verbose_name = _("page in two languages")
        verbose_name_plural = _("pages in two languages")
        permissions = [
            *((f"publish_{c}", f"Can publish in {language_name(c)}") for c in CODES),
            *((f"write_{c}", f"Can write in {language_name(c)}") for c in CODES),
            ("write_shared", "Can write what all languages share"),
            ("restrict_page", "Can restrict who sees a page"),
        ]

    # --- Being written

    def get_lock(self):
        lock = super().get_lock()
        is_review = isinstance(lock, WorkflowLock)
        return locks.LanguageLock(self, lock.task) if is_review else lock

    def held_from(self, user):
        """The languages in review that this person may not change meanwhile."""
        return locks.held_from(self, user)

    def full_clean(self, *args, **kwargs):
        clean_rich_text(self)
        super().full_clean(*args, **kwargs)

    def clean(self):
        super().clean()
        if not any(field(self, "headline", code) for code in languages()):
            name = f"headline_{self.original_language}"
            raise ValidationError({name: _("Write a headline.")})
        self._check_addresses()

    def save(self, clean=True, **kwargs):
        clean = clean and not self.is_checked
        written = kwargs.get("update_fields")
        if written is None:
            self._set_core_field_defaults()
        with transaction.atomic():
            result = super().save(clean=clean, **kwargs)
            looks = written is None or set(written) & set(SLUGS)
            if looks and paths.derive(self):
                addresses_changed.send(sender=type(self), page=self)
        return result

    def _set_core_field_defaults(self):
        parent = self._parent()
        if not self.slug:
            self.slug = paths.new_internal_slug()
        for code in languages() if parent else []:
            if field(self, "headline", code) and not field(self, "slug", code):
                self._fill_slug(parent, code)
        self.title = self.headline_for_lists() or self.title or str(_("Untitled"))
        super()._set_core_field_defaults()

    def _fill_slug(self, parent, code):
        slug = paths.free_slug(
            parent=parent,
            headline=field(self, "headline", code),
            language=code,
            page_id=self.pk,
        )
        setattr(self, f"slug_{code}", slug)

    def _parent(self):
        """What it stands under, as a page in two languages; None above the site."""
        parent = self.get_parent() if self.path else self.future_parent
        if parent is None or isinstance(parent, BilingualPage):
            return parent
        found = BilingualPage.objects.filter(pk=parent.pk).first()
        return found or parent

    def _check_addresses(self):
        parent = self._parent()
        root = paths.site_root_of(parent.path) if parent else None
        if root is None:
            return
        for code in languages():
            self._check_address(parent, root, code)

    def _check_address(self, parent, root, code):
        slug = field(self, "slug", code)
        if slug and paths.is_reserved(parent, root, slug):
            raise paths.reserved_error(language=code)
        path = paths.path_below(parent, slug, code)
        if path is not None and paths.is_taken(
            site_root_id=root[0], language=code, path=path, page_id=self.pk
        ):
            raise paths.taken_error(language=code, path=path)

    def with_content_json(self, content):
        """As Wagtail's; what publishing and the kernel set stays as on the row.

        Wagtail takes `live_revision` and the dates from the version: saved with the
        row, a copy would point to a revision of the page it was copied from.
        """
        words = without_base_fields(content, type(self))
        words = {name: words[name] for name in words if name not in OF_THE_ROW}
        page = super().with_content_json(words)
        for name in ("slug", "url_path", *PUBLISHED, *DERIVED):
            setattr(page, name, getattr(self, name))
        if hasattr(self, PARENT):
            setattr(page, PARENT, getattr(self, PARENT))
        return page

    def save_revision(self, *args, **kwargs):
        before = self.latest_revision.content if self.latest_revision_id else {}
        revision = super().save_revision(*args, **kwargs)
        draft_saved.send(sender=type(self), page=self, before=before)
        return revision

    def copy(self, *args, **kwargs):
        """As Wagtail's, but a copy is never live."""
        return super().copy(*args, **{**kwargs, "keep_live": False})

    def delete(self, *args, **kwargs):
        """As Wagtail's, but where something refuses, nothing was begun."""
        with transaction.atomic():
            return super().delete(*args, **kwargs)

    def create_alias(self, *args, **kwargs):
        raise PermissionDenied("Pages in two languages have no aliases.")

    def publish(self, *args, **kwargs):
        raise PermissionDenied("Publish a language: pages.actions.publish_languages.")

    def permissions_for_user(self, user):
        return BilingualPermissionTester(user, self)

    # --- Being named

    def headline_for_lists(self):
        """The headline in the original language, else in any."""
        order = sorted(languages(), key=lambda code: code != self.original_language)
        return next((h for c in order if (h := field(self, "headline", c))), "")

    def published_languages(self):
        """Where it is published, also outside any site, where nobody can read it."""
        return [c for c in languages() if self.live and field(self, "live", c)]

    def live_languages(self):
        """The languages in which readers see it, the default one first."""
        return [code for code in languages() if self.is_live_in(code)]

    def is_live_in(self, language):
        """Whether readers see it in a language: published, and at an address."""
        has_address = field(self, "public_path", language) is not None
        return self.live and field(self, "live", language) and has_address

    # --- Being found

    def route(self, request, path_components):
        if not self._is_root_for(request):
            if path_components:
                raise Http404
            return self._route_here()
        if not path_components:
            return self._route_here()
        return self._look_up(request, path_components)

    def _is_root_for(self, request):
        site = Site.find_for_request(request)
        return site is not None and site.root_page_id == self.pk

    def _route_here(self):
        if not self.is_live_in(current_language()):
            raise Http404
        return RouteResult(self)

    def _look_up(self, request, parts):
        language = current_language()
        found = paths.find(site_root_id=self.pk, language=language, parts=parts)
        if found is None:
            request.is_gone = self._was_deleted(language, parts)
            return self._route_internal(request, parts)
        page = BilingualPage.objects.get(pk=found.page_id).specific
        if not page.is_live_in(language):
            # Wagtail keeps no error of ours: the answer is told by the request.
            was_here = found.was_public and found.used == len(parts)
            request.is_gone = was_here and not page.live_languages()
            raise Http404
        rest = parts[found.used :]
        if not found.is_current:
            return page._moved(request, language, rest)
        try:
            return page.route(request, rest)
        except Http404:
            request.is_gone = self._was_deleted(language, parts)
            raise

    def _was_deleted(self, language, parts):
        return was_deleted(site_root_id=self.pk, language=language, parts=parts)

    def _route_internal(self, request, parts):
        """Send a reader who holds an internal address on to the public one."""
        if not (parts[0].startswith("n") and len(parts[0]) == 17):
            raise Http404
        url_path = self.url_path + "/".join(parts) + "/"
        page = BilingualPage.objects.filter(url_path=url_path).first()
        language = current_language()
        if page is None or not page.is_live_in(language):
            raise Http404
        return page.specific._moved(request, language, [])

    def _moved(self, request, language, rest):
        """Note where to; the answer waits until restrictions have been checked."""
        query = request.META.get("QUERY_STRING")
        request.moved_to = (
            self.url_in(language, request)
            + "".join(f"{part}/" for part in rest)
            + (f"?{query}" if query else "")
        )
        return RouteResult(self)

    def get_url_parts(self, request=None):
        language = self._language_for_links()
        sites = self._get_relevant_site_root_paths(request)
        if language is None or not sites:
            return None
        site_id, root_url = sites[0][0], sites[0][2]
        with translation.override(language):
            path = reverse("wagtail_serve", args=[field(self, "public_path", language)])
        return site_id, root_url, path

    def _language_for_links(self):
        """The language being shown where it is live in it, else one it is live in."""
        wanted = current_language()
        order = sorted(languages(), key=lambda code: code != wanted)
        here = [code for code in order if field(self, "public_path", code) is not None]
        live = [code for code in here if self.is_live_in(code)]
        return next(iter(live or here), None)

    def url_in(self, language, request=None):
        """Its address in one language; None where readers do not see it in it."""
        if not self.is_live_in(language):
            return None
        with translation.override(language):
            return self.get_url(request)

    def full_url_in(self, language, request=None):
        """Its address in one language with the site before it, or None."""
        if not self.is_live_in(language):
            return None
        with translation.override(language):
            return self.get_full_url(request)

    # --- Being shown

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["lang"] = current_language()
        return context

    @property
    def preview_modes(self):
        return [(code, language_name(code)) for code in languages()]

    @property
    def default_preview_mode(self):
        return self.original_language

    def serve_preview(self, request, mode_name):
        """Shown whole inside the language, or the page would mix two."""
        language = mode_name if mode_name in languages() else self.original_language
        with translation.override(language):
            response = super().serve_preview(request, "")
            if hasattr(response, "render"):
                response.render()
        response.headers["Content-Language"] = language
        return response

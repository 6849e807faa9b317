"""Who may write what: the words of a language, and what all languages share.

Three kinds of permission, for every page: `pages.write_<code>` and
`pages.publish_<code>` for a language, `pages.write_shared` for date, tags, pictures,
inline rows and the page itself (adding, moving, deleting). A room may have a permission
of its own stand for all of them on some of its page types (`let_write`).

Everything here takes a page or a page type, and a person.
"""

from __future__ import annotations

from typing import Any

from wagtail.models import COMMENTS_RELATION_NAME, Page

from pages import content
from pages.languages import languages
from pages.weaving import weave
from pages.words import translated_fields

SHARED = "pages.write_shared"
RESTRICT = "pages.restrict_page"

_own_rights: dict[str, set[str]] = {}


def let_write(permission: str, *page_types: str) -> None:
    """Let who has `permission` write and publish pages of these types.

    Types are named like "newsletter.IssuePage". For roles that see to one part of the
    site only.
    """
    for label in page_types:
        _own_rights.setdefault(label, set()).add(permission)


def may_write(user: Any, language: str, page: Any) -> bool:
    """Whether this person may change a page's words in a language."""
    return _may(user, f"pages.write_{language}", page)


def may_publish(user: Any, language: str, page: Any) -> bool:
    """Whether this person may put a page before readers of a language."""
    return _may(user, f"pages.publish_{language}", page)


def may_publish_all(user: Any, page: Any) -> bool:
    """The same for every language."""
    return all(may_publish(user, code, page) for code in languages())


def may_write_shared(user: Any, page: Any) -> bool:
    """Whether this person may change what all languages share, and the page itself."""
    return _may(user, SHARED, page)


def may_write_all(user: Any, page: Any) -> bool:
    """Whether nothing of a page is closed to this person."""
    return may_write_shared(user, page) and languages_for(user, page) == languages()


def languages_for(user: Any, page: Any) -> list[str]:
    """The languages in which this person may change a page's words."""
    return [code for code in languages() if may_write(user, code, page)]


def may_write_field(user: Any, model: type, name: str, page: Any) -> bool:
    """Whether this person may change one field of a page, or of one of its rows."""
    code = language_of(model, name)
    return may_write(user, code, page) if code else may_write_shared(user, page)


def language_of(model: type, name: str) -> str | None:
    """The language a field of a page, or of one of its rows, is in; None for shared."""
    bases = translated_fields(model)
    if issubclass(model, Page):
        bases = [*bases, "slug"]
    found = (c for c in languages() if name in {f"{base}_{c}" for base in bases})
    return next(found, None)


def only_permitted(latest: Any, draft: Any, user: Any) -> Any:
    """The draft as far as this person may write it now; all else as in `latest`.

    Both are versions of one page. Returns a page to save as the new draft; the draft
    itself where the person may write everything. Comments are anybody's: the draft's.
    While languages are in review, those and what is shared are the reviewers'.
    """
    held = draft.held_from(user)
    if may_write_all(user, draft) and not held:
        return draft
    mine = [code for code in languages_for(user, draft) if code not in held]
    before, after = content.data_of(latest), content.data_of(draft)
    if may_write_shared(user, draft) and not held:
        others = [code for code in languages() if code not in mine]
        woven = weave(frame=after, words=before, page=draft, codes=others)
    else:
        woven = weave(frame=before, words=after, page=draft, codes=mine)
    permitted = latest.with_content_json(woven)
    comments = getattr(draft, COMMENTS_RELATION_NAME).all()
    getattr(permitted, COMMENTS_RELATION_NAME).set(comments)
    return permitted


def _may(user: Any, permission: str, page: Any) -> bool:
    page_type = page if isinstance(page, type) else page.specific_class
    own = _own_rights.get(page_type._meta.label, ())
    return any(user.has_perm(name) for name in (permission, *own))

"""Deleting in the admin what may have to stay."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.views import generic


class KeepingDeleteView(generic.DeleteView):
    """Leads back to the form, with why, where the thing must stay."""

    def must_stay(self) -> bool:
        """Whether it may not be deleted any more."""
        raise NotImplementedError

    def why(self) -> str:
        """What to say then."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The question, where it may be asked."""
        if self.must_stay():
            return self._refusal()
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Delete it; asked again, it may be in use by now."""
        return self._refusal() if self.must_stay() else super().form_valid(form)

    def _refusal(self) -> HttpResponse:
        messages.error(self.request, self.why())
        return redirect(self.edit_url_name, self.object.pk)

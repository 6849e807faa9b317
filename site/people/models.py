"""Users of the admin, and which permissions their roles were given."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from guards.addresses import validate_address


class User(AbstractUser):
    """Someone who may log in. Their admin language is in Wagtail's user profile."""

    email = models.EmailField(_("e-mail"), blank=True, validators=[validate_address])

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")


class RoleGrant(models.Model):
    """A permission a role was given once.

    Kept so that a permission an administrator took away stays away.
    """

    role = models.CharField(max_length=50)
    permission = models.CharField(max_length=150)

    class Meta:
        verbose_name = _("permission given to a role")
        verbose_name_plural = _("permissions given to roles")
        constraints = [
            models.UniqueConstraint(
                fields=["role", "permission"], name="role_grant_once"
            )
        ]

    def __str__(self):
        return f"{self.role}: {self.permission}"

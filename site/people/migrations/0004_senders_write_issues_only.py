"""Take back from newsletter senders what let them publish every page.

They write and publish issues because they may send them: see `pages.rights.let_write`.
"""

from django.db import migrations

CODENAMES = ["publish_es", "publish_en"]


def take_back(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(
        name="Newsletter senders"
    ):
        group.permissions.remove(
            *group.permissions.filter(
                content_type__app_label="pages", codename__in=CODENAMES
            )
        )
    apps.get_model("people", "RoleGrant").objects.filter(
        role="newsletter_sender",
        permission__in=[f"pages.{name}" for name in CODENAMES],
    ).delete()


class Migration(migrations.Migration):
    """Nothing to do backwards: the older code grants it again."""

    dependencies = [("people", "0003_without_stock_workflow")]
    operations = [migrations.RunPython(take_back, migrations.RunPython.noop)]

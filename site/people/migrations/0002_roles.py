"""One group per role, in place of the two that Wagtail makes."""

from django.db import migrations

GROUPS = [
    "Administrators",
    "Editors",
    "Translators into Spanish",
    "Translators into English",
    "Newsletter senders",
    "Office keepers",
]


def make_groups(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    group.objects.filter(name__in=["Editors", "Moderators"]).delete()
    for name in GROUPS:
        group.objects.get_or_create(name=name)


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()
    apps.get_model("people", "RoleGrant").objects.all().delete()


class Migration(migrations.Migration):
    """Their permissions follow after migrating: see `people.roles`."""

    dependencies = [
        ("people", "0001_initial"),
        ("wagtailcore", "0002_initial_data"),
        ("wagtailimages", "0002_initial_data"),
        ("wagtaildocs", "0002_initial_data"),
    ]
    operations = [migrations.RunPython(make_groups, remove_groups)]

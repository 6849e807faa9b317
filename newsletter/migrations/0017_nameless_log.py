"""Take addresses of people who are forgotten out of the admin's log."""

from django.db import migrations

NAMELESS = "…"


def forget(apps, schema_editor):
    """Of whoever is gone, or has no address any more."""
    log_entry = apps.get_model("wagtailcore", "ModelLogEntry")
    content_type = apps.get_model("contenttypes", "ContentType")
    kind = content_type.objects.filter(app_label="newsletter", model="subscriber")
    rows = log_entry.objects.filter(content_type__in=kind).exclude(label=NAMELESS)
    named = {pk for pk in rows.values_list("object_id", flat=True) if pk.isdecimal()}
    subscriber = apps.get_model("newsletter", "Subscriber")
    known = subscriber.objects.filter(pk__in=named).exclude(address=None)
    kept = {str(pk) for pk in known.values_list("pk", flat=True)}
    rows.filter(object_id__in=named - kept).update(label=NAMELESS)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("newsletter", "0016_welcomes_and_reminders"),
        ("wagtailcore", "0066_collection_management_permissions"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]

from django.db import migrations, models
from django.db.models.deletion import CASCADE, PROTECT


def leave_no_room(apps, schema_editor):
    """Verdicts are the exception now, so pages may be filled as PostgreSQL does."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE newsletter_delivery RESET (fillfactor)")


def leave_room(apps, schema_editor):
    """As in 0006."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE newsletter_delivery SET (fillfactor = 50)")


def write_sent(apps, schema_editor):
    """Write with each person what until now only their closed chunk says."""
    chunks = apps.get_model("newsletter", "Chunk").objects.filter(state="done")
    deliveries = apps.get_model("newsletter", "Delivery").objects
    for chunk in chunks.iterator():
        rows = deliveries.filter(chunk=chunk, state="waiting")
        attempts = models.F("attempts") + 1
        rows.update(state="sent", sent_at=chunk.closed_at, attempts=attempts)


def forget_old_wires(apps, schema_editor):
    """Slots had an encoding beside their name; what is left to send is made again."""
    for edition in apps.get_model("newsletter", "Edition").objects.iterator():
        if any(isinstance(slot, list) for slot in edition.wire.get("slots", [])):
            edition.wire = {}
            edition.save(update_fields=["wire"])


def unchecked(name, model, on_delete, **options):
    """A foreign key of a delivery that the database does not look up again."""
    field = models.ForeignKey(
        f"newsletter.{model}",
        db_constraint=False,
        on_delete=on_delete,
        related_name="deliveries",
        **options,
    )
    return migrations.AlterField("delivery", name, field)


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0009_observing_sendings"),
    ]

    operations = [
        migrations.AddField(
            model_name="chunk",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="closed at"),
        ),
        migrations.RunPython(migrations.RunPython.noop, write_sent, elidable=True),
        migrations.RunPython(
            forget_old_wires, migrations.RunPython.noop, elidable=True
        ),
        unchecked("dispatch", "dispatch", CASCADE, db_index=False),
        unchecked("subscriber", "subscriber", PROTECT, db_index=False),
        unchecked("edition", "edition", CASCADE, db_index=False),
        unchecked("chunk", "chunk", CASCADE),
        migrations.RunPython(leave_no_room, leave_room),
    ]

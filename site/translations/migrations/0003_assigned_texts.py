import django.db.models.deletion
from django.db import migrations, models


def drop_texts(apps, schema_editor):
    """Of what was assigned, only pages have a place in the tables before this."""
    assignments = apps.get_model("translations", "Assignment").objects
    assignments.using(schema_editor.connection.alias).filter(page=None).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("translations", "0002_confirmed_texts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="page",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assignments",
                to="pages.bilingualpage",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="content_type",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="contenttypes.contenttype",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="object_id",
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("content_type", "object_id", "language"),
                name="one_translator_per_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("content_type", None),
                    ("object_id", None),
                    ("page__isnull", False),
                )
                | models.Q(
                    ("content_type__isnull", False),
                    ("object_id__isnull", False),
                    ("page", None),
                ),
                name="assigned_page_or_text",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, drop_texts),
    ]

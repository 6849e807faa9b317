"""Corrections of stories."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0005_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="newspage",
            name="corrected_on",
            field=models.DateField(
                blank=True,
                help_text="Empty is the day on which the correction is first saved.",
                null=True,
                verbose_name="corrected on",
            ),
        ),
        migrations.AddField(
            model_name="newspage",
            name="correction",
            field=models.TextField(
                blank=True,
                help_text="What the story had wrong, and what is right. It stands under the headline, with its date.",
                verbose_name="correction",
            ),
        ),
        migrations.AddField(
            model_name="newspage",
            name="correction_en",
            field=models.TextField(
                blank=True,
                help_text="What the story had wrong, and what is right. It stands under the headline, with its date.",
                null=True,
                verbose_name="correction",
            ),
        ),
        migrations.AddField(
            model_name="newspage",
            name="correction_es",
            field=models.TextField(
                blank=True,
                help_text="What the story had wrong, and what is right. It stands under the headline, with its date.",
                null=True,
                verbose_name="correction",
            ),
        ),
    ]

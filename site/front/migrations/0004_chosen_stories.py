"""Stories that an editor chose for the front page."""

import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("front", "0003_share_pictures"),
    ]

    operations = [
        migrations.AddField(
            model_name="homepage",
            name="next_stories",
            field=wagtail.fields.StreamField(
                [("story", 0)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.PageChooserBlock",
                        (),
                        {"label": "Story", "page_type": ["news.NewsPage"]},
                    )
                },
                help_text="Up to eight, in this order; the latest fill the places after them. One that cannot be read in a language is left out in it. Leave empty for the latest.",
                verbose_name="stories after it",
            ),
        ),
        migrations.AlterField(
            model_name="plainpage",
            name="show_in_footer",
            field=models.BooleanField(
                default=False,
                help_text="Where the brand has no menu of its own for the footer.",
                verbose_name="link in the footer",
            ),
        ),
    ]

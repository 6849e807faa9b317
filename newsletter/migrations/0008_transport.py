from django.db import migrations, models

import newsletter.models.newsletters


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0007_pace_and_hours"),
    ]

    operations = [
        migrations.AddField(
            model_name="newsletter",
            name="transport",
            field=models.CharField(
                blank=True,
                choices=newsletter.models.newsletters.transports,
                help_text="Operators set mail servers up; only those that stand can be chosen.",
                max_length=40,
                verbose_name="mail server",
            ),
        ),
    ]

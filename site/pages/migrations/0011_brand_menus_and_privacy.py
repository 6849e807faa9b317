"""Names and menus per language, the privacy page's words, when words changed."""

import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models

import pages.models.brand


def keep_the_name(apps, schema_editor):
    """What the site was called in no language it is called in each."""
    brands = apps.get_model("pages", "BrandSettings")
    brands.objects.update(name_es=models.F("name"), name_en=models.F("name"))


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0010_search_by_match_and_day"),
        ("pictures", "0003_decoration"),
    ]

    operations = [
        migrations.AddField(
            model_name="bilingualpage",
            name="updated_at_en",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="last changed for readers [en]"
            ),
        ),
        migrations.AddField(
            model_name="bilingualpage",
            name="updated_at_es",
            field=models.DateTimeField(
                editable=False, null=True, verbose_name="last changed for readers [es]"
            ),
        ),
        migrations.AddField(
            model_name="brandsettings",
            name="log_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How long the web server keeps its list of requests; 0 where it keeps none. The privacy page says so. Ask whoever runs the server.",
                null=True,
                verbose_name="days that requests are logged",
            ),
        ),
        migrations.AddField(
            model_name="brandsettings",
            name="contact_email",
            field=models.EmailField(
                blank=True,
                help_text="The privacy page names it; whoever reads it answers readers.",
                max_length=254,
                verbose_name="address for questions about data",
            ),
        ),
        migrations.AddField(
            model_name="brandsettings",
            name="footer_menu",
            field=wagtail.fields.StreamField(
                [("page", 3), ("link", 6)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.PageChooserBlock",
                        (),
                        {"label": "Page", "page_type": ["pages.BilingualPage"]},
                    ),
                    1: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "label": "Words of the link [Español]",
                            "max_length": 40,
                            "required": False,
                        },
                    ),
                    2: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "label": "Words of the link [English]",
                            "max_length": 40,
                            "required": False,
                        },
                    ),
                    3: (
                        "wagtail.blocks.StructBlock",
                        [[("page", 0), ("words_es", 1), ("words_en", 2)]],
                        {},
                    ),
                    4: (
                        "wagtail.blocks.URLBlock",
                        (),
                        {"label": "Address [Español]", "required": False},
                    ),
                    5: (
                        "wagtail.blocks.URLBlock",
                        (),
                        {"label": "Address [English]", "required": False},
                    ),
                    6: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("words_es", 1),
                                ("url_es", 4),
                                ("words_en", 2),
                                ("url_en", 5),
                            ]
                        ],
                        {},
                    ),
                },
                help_text="Left empty, the pages whose own settings say “link in the footer” stand here. Subscribing, search and privacy are always there.",
                verbose_name="menu in the footer",
            ),
        ),
        migrations.AddField(
            model_name="brandsettings",
            name="header_menu",
            field=wagtail.fields.StreamField(
                [("page", 3), ("link", 6)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.PageChooserBlock",
                        (),
                        {"label": "Page", "page_type": ["pages.BilingualPage"]},
                    ),
                    1: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "label": "Words of the link [Español]",
                            "max_length": 40,
                            "required": False,
                        },
                    ),
                    2: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "label": "Words of the link [English]",
                            "max_length": 40,
                            "required": False,
                        },
                    ),
                    3: (
                        "wagtail.blocks.StructBlock",
                        [[("page", 0), ("words_es", 1), ("words_en", 2)]],
                        {},
                    ),
                    4: (
                        "wagtail.blocks.URLBlock",
                        (),
                        {"label": "Address [Español]", "required": False},
                    ),
                    5: (
                        "wagtail.blocks.URLBlock",
                        (),
                        {"label": "Address [English]", "required": False},
                    ),
                    6: (
                        "wagtail.blocks.StructBlock",
                        [
                            [
                                ("words_es", 1),
                                ("url_es", 4),
                                ("words_en", 2),
                                ("url_en", 5),
                            ]
                        ],
                        {},
                    ),
                },
                help_text="Up to five, in this order. A page that cannot be read in a language is left out in it, as is a link without words. Left empty, the pages whose own settings say “in menus” stand here.",
                verbose_name="menu in the header",
            ),
        ),
        migrations.AddField(
            model_name="brandsettings",
            name="name_en",
            field=models.CharField(
                blank=True,
                help_text="Written in one language only, it stands in the others too.",
                max_length=120,
                null=True,
                verbose_name="name of the site",
            ),
        ),
        migrations.AddField(
            model_name="brandsettings",
            name="name_es",
            field=models.CharField(
                blank=True,
                help_text="Written in one language only, it stands in the others too.",
                max_length=120,
                null=True,
                verbose_name="name of the site",
            ),
        ),
        migrations.AddField(
            model_name="brandsettings",
            name="privacy_after",
            field=wagtail.fields.RichTextField(
                blank=True, verbose_name="privacy: your own words last"
            ),
        ),
        migrations.AddField(
            model_name="brandsettings",
            name="privacy_after_en",
            field=wagtail.fields.RichTextField(
                blank=True, null=True, verbose_name="privacy: your own words last"
            ),
        ),
        migrations.AddField(
            model_name="brandsettings",
            name="privacy_after_es",
            field=wagtail.fields.RichTextField(
                blank=True, null=True, verbose_name="privacy: your own words last"
            ),
        ),
        migrations.AddField(
            model_name="brandsettings",
            name="privacy_before",
            field=wagtail.fields.RichTextField(
                blank=True,
                help_text="The privacy page says by itself what the site keeps and what is switched on. Write here what stands above that: who you are, what law applies.",
                verbose_name="privacy: your own words first",
            ),
        ),
        migrations.AddField(
            model_name="brandsettings",
            name="privacy_before_en",
            field=wagtail.fields.RichTextField(
                blank=True,
                help_text="The privacy page says by itself what the site keeps and what is switched on. Write here what stands above that: who you are, what law applies.",
                null=True,
                verbose_name="privacy: your own words first",
            ),
        ),
        migrations.AddField(
            model_name="brandsettings",
            name="privacy_before_es",
            field=wagtail.fields.RichTextField(
                blank=True,
                help_text="The privacy page says by itself what the site keeps and what is switched on. Write here what stands above that: who you are, what law applies.",
                null=True,
                verbose_name="privacy: your own words first",
            ),
        ),
        migrations.AlterField(
            model_name="brandsettings",
            name="accent",
            field=models.CharField(
                blank=True,
                help_text="As #rrggbb. Leave empty for the site's own. For dark screens a lighter one is made from it.",
                max_length=7,
                validators=[pages.models.brand.validate_accent],
                verbose_name="accent colour",
            ),
        ),
        migrations.AlterField(
            model_name="brandsettings",
            name="logo_dark",
            field=models.ForeignKey(
                blank=True,
                help_text="The same in light colours. Without it the other stands on white.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="pictures.picture",
                verbose_name="logo on dark paper",
            ),
        ),
        migrations.AlterField(
            model_name="brandsettings",
            name="logo_light",
            field=models.ForeignKey(
                blank=True,
                help_text="PNG or WebP with a transparent background, at least 80 pixels high; shown 40 pixels high in place of the name.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="pictures.picture",
                verbose_name="logo on light paper",
            ),
        ),
        migrations.AlterField(
            model_name="brandsettings",
            name="name",
            field=models.CharField(
                blank=True,
                help_text="Written in one language only, it stands in the others too.",
                max_length=120,
                verbose_name="name of the site",
            ),
        ),
        migrations.AlterField(
            model_name="brandsettings",
            name="postal_address",
            field=models.TextField(
                blank=True,
                help_text="In the footer, at the foot of each mail and on the privacy page.",
                verbose_name="postal address",
            ),
        ),
        migrations.AlterField(
            model_name="brandsettings",
            name="postal_address_en",
            field=models.TextField(
                blank=True,
                help_text="In the footer, at the foot of each mail and on the privacy page.",
                null=True,
                verbose_name="postal address",
            ),
        ),
        migrations.AlterField(
            model_name="brandsettings",
            name="postal_address_es",
            field=models.TextField(
                blank=True,
                help_text="In the footer, at the foot of each mail and on the privacy page.",
                null=True,
                verbose_name="postal address",
            ),
        ),
        migrations.AlterField(
            model_name="brandsettings",
            name="social_links",
            field=wagtail.fields.StreamField(
                [("link", 2)],
                blank=True,
                block_lookup={
                    0: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "Name", "max_length": 50},
                    ),
                    1: ("wagtail.blocks.URLBlock", (), {"label": "Address"}),
                    2: ("wagtail.blocks.StructBlock", [[("name", 0), ("url", 1)]], {}),
                },
                help_text="Where else the organisation speaks; linked in the footer.",
                verbose_name="elsewhere",
            ),
        ),
        migrations.AlterField(
            model_name="brandsettings",
            name="tagline",
            field=models.CharField(
                blank=True,
                help_text="One line under the name on the front page, and in mails.",
                max_length=200,
                verbose_name="tagline",
            ),
        ),
        migrations.AlterField(
            model_name="brandsettings",
            name="tagline_en",
            field=models.CharField(
                blank=True,
                help_text="One line under the name on the front page, and in mails.",
                max_length=200,
                null=True,
                verbose_name="tagline",
            ),
        ),
        migrations.AlterField(
            model_name="brandsettings",
            name="tagline_es",
            field=models.CharField(
                blank=True,
                help_text="One line under the name on the front page, and in mails.",
                max_length=200,
                null=True,
                verbose_name="tagline",
            ),
        ),
        migrations.RunPython(keep_the_name, migrations.RunPython.noop),
    ]

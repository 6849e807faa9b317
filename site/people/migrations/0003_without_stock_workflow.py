"""Take away the approval that nobody can give.

Wagtail puts every page under a workflow whose one task belongs to its group of
moderators. We have no such group, so what was submitted would be locked for good.
"""

from django.db import migrations


def remove_workflow(apps, schema_editor):
    task_model = apps.get_model("wagtailcore", "GroupApprovalTask")
    workflow_model = apps.get_model("wagtailcore", "Workflow")
    for task in task_model.objects.filter(groups=None, task_states=None):
        workflow_model.objects.filter(
            workflow_tasks__task=task, workflow_states=None
        ).delete()
        if not workflow_model.objects.filter(workflow_tasks__task=task).exists():
            task.delete()


class Migration(migrations.Migration):
    """Before any person could make a task of their own without a group."""

    dependencies = [
        ("people", "0002_roles"),
        ("wagtailcore", "0098_apitoken"),
    ]
    operations = [migrations.RunPython(remove_workflow, migrations.RunPython.noop)]

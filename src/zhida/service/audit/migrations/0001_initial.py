from typing import Any

from django.db import migrations, models

from zhida.service.audit.protection import protect, unprotect


def add_triggers(apps: Any, editor: Any) -> None:
    protect(editor.connection)


def drop_triggers(apps: Any, editor: Any) -> None:
    unprotect(editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="序号")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("actor", models.CharField(blank=True, max_length=150, verbose_name="操作人")),
                ("region", models.CharField(blank=True, max_length=6, verbose_name="地区")),
                ("action", models.CharField(max_length=60, verbose_name="操作")),
                ("subject", models.CharField(blank=True, max_length=150, verbose_name="对象")),
                ("detail", models.JSONField(default=dict, verbose_name="内容")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
                ("link", models.CharField(max_length=64, verbose_name="链值")),
            ],
            options={
                "verbose_name": "审计记录",
                "verbose_name_plural": "审计记录",
                "ordering": ("number",),
                "indexes": [
                    models.Index(fields=["subject", "number"], name="audit_subject"),
                    models.Index(fields=["actor", "number"], name="audit_actor"),
                    models.Index(fields=["action", "number"], name="audit_action"),
                    models.Index(fields=["region", "number"], name="audit_region"),
                    models.Index(fields=["at"], name="audit_at"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
                ("link", models.CharField(blank=True, max_length=64)),
                ("seal", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="audit_one_head")],
            },
        ),
        migrations.RunPython(add_triggers, drop_triggers),
    ]

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import zhida.service.secrecy.fields


class Migration(migrations.Migration):
    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=150, unique=True, verbose_name="用户名")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("is_active", models.BooleanField(default=True, verbose_name="可登录")),
                ("joined_at", models.DateTimeField(auto_now_add=True, verbose_name="开户时间")),
                ("must_change_password", models.BooleanField(default=False, verbose_name="下次登录须改密码")),
            ],
            options={
                "verbose_name": "用户",
                "verbose_name_plural": "用户",
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("region", models.CharField(db_index=True, max_length=6, verbose_name="地区")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("phone", models.CharField(blank=True, max_length=60, verbose_name="电话")),
                ("hours", models.CharField(blank=True, max_length=100, verbose_name="办公时间")),
            ],
            options={
                "verbose_name": "经办机构",
                "verbose_name_plural": "经办机构",
                "constraints": [
                    models.UniqueConstraint(fields=("region", "name"), name="agency_once_a_region")
                ],
            },
        ),
        migrations.CreateModel(
            name="LiveSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=40, unique=True)),
                ("device", models.CharField(blank=True, max_length=200, verbose_name="设备")),
                ("began_at", models.DateTimeField(verbose_name="登录时间")),
                ("seen_at", models.DateTimeField(verbose_name="最近使用")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
            ],
            options={
                "verbose_name": "登录会话",
                "verbose_name_plural": "登录会话",
                "ordering": ("-seen_at",),
            },
        ),
        migrations.CreateModel(
            name="Office",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("phone", models.CharField(blank=True, max_length=60, verbose_name="电话")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offices",
                        to="accounts.agency",
                        verbose_name="经办机构",
                    ),
                ),
            ],
            options={
                "verbose_name": "科室",
                "verbose_name_plural": "科室",
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("applicant", "申请人"),
                            ("intake", "受理"),
                            ("first-review", "初审"),
                            ("second-review", "复审"),
                            ("final-review", "终审"),
                            ("finance", "财务"),
                            ("policy", "政策管理"),
                            ("supervision", "督查"),
                            ("audit", "审计"),
                            ("administration", "系统管理"),
                        ],
                        max_length=20,
                        verbose_name="角色",
                    ),
                ),
                ("region", models.CharField(max_length=6, verbose_name="地区")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="accounts.office",
                        verbose_name="科室",
                    ),
                ),
            ],
            options={
                "verbose_name": "任职",
                "verbose_name_plural": "任职",
            },
        ),
        migrations.CreateModel(
            name="ExternalIdentity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("issuer", models.CharField(max_length=200, verbose_name="认证平台")),
                ("subject", models.CharField(max_length=255, verbose_name="平台内标识")),
                (
                    "person_number",
                    zhida.service.secrecy.fields.SealedTextField(blank=True, verbose_name="公民身份号码"),
                ),
                (
                    "employer_number",
                    models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码"),
                ),
                ("linked_at", models.DateTimeField(auto_now_add=True, verbose_name="绑定时间")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identities",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
            ],
            options={
                "verbose_name": "外部身份",
                "verbose_name_plural": "外部身份",
                "constraints": [models.UniqueConstraint(fields=("issuer", "subject"), name="identity_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.UniqueConstraint(fields=("agency", "name"), name="office_once_an_agency"),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                fields=("user", "role", "region", "office"), name="appointment_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "role__in",
                        [
                            "applicant",
                            "intake",
                            "first-review",
                            "second-review",
                            "final-review",
                            "finance",
                            "policy",
                            "supervision",
                            "audit",
                            "administration",
                        ],
                    )
                ),
                name="appointment_known_role",
            ),
        ),
    ]

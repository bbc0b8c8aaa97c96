"""What the applicant asked to be kept (保密要求): for the applicant and for the units that handle the case.

A unit handles the case from when it takes its task on; before that, and to anybody who only helps, the fields are
not there. Source: NFR-07 (贵州条例 第二十八条、第六十条).
"""

from gateway.matters.domain.model import Json, Matter, Task


def open_form(matter: Matter) -> Json:
    """The form as others than the applicant see it."""
    return {name: value for name, value in matter.form.items() if name not in matter.confidential_fields}


def completed_form(matter: Matter, form: Json) -> Json:
    """A form corrected by somebody who does not see the confidential fields keeps them as they are."""
    kept = {name: matter.form[name] for name in matter.confidential_fields if name in matter.form}
    return {**kept, **form}


def is_handling_unit(task: Task) -> bool:
    """Whether the task's department has taken it on."""
    return task.taken_at is not None

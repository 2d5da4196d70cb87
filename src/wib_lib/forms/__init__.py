"""
Forms for gemeenten and partners: workbooks out, to be read back by the same contracts.

A form is a contract with a title: its columns, help, drop-downs and checks all come from
`wib_lib.tables`, so that a form and its reader cannot drift apart.
"""

from wib_lib.forms.catalogue import FORMS, Form
from wib_lib.forms.questionnaire import Questionnaire, read_questionnaire
from wib_lib.forms.sending import FormArea, form_areas, write_forms

__all__ = [
    "FORMS",
    "Form",
    "FormArea",
    "Questionnaire",
    "form_areas",
    "read_questionnaire",
    "write_forms",
]

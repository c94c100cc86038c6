"""What a lesson must keep to, beyond what nbval can notice: rules that read it, and runs that watch it."""

from course.contract.complaint import Complaint
from course.contract.rules import RULES, complaints

__all__ = ["RULES", "Complaint", "complaints"]

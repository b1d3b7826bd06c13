"""What is said of why an indicator has its state: one sentence for each case (`coverage`)."""

from analysis.base.i18n import gettext_noop as N_

REASONS = {
    "reached": N_("{last} in {last_year}; the target is {target} by {target_year}."),
    "reached_undated": N_("{last} in {last_year}; the target is {target}."),
    "ratio": N_(
        "{observed} a year from {first_year} to {last_year}, where {required} is required to come from "
        "{first} to {target} by {target_year}: {ratio} of it."
    ),
    "gone": N_("{first} in {first_year} met the target of {target}; {last} in {last_year} does not."),
    "missed": N_("{last} in {last_year}; {target} was to be reached by {target_year}."),
    "one_observation": N_(
        "Only {last} in {last_year} is known; {needed} a year is needed to reach {target} by {target_year}."
    ),
    "one": N_("Only {last} in {last_year} is known; the target is {target} by {target_year}."),
    "no_year": N_("{last} in {last_year}; the target of {target} has no year."),
    "no_observation": N_("The target is {target} by {target_year}; no dated value is given."),
    "neither": N_("The target is {target}, without a year; no dated value is given."),
    "past": N_(
        "The target of {target} was for {target_year}, which is past; the latest value is {last} in {last_year}."
    ),
    "no_number_up": N_("A KPI that names no number: it rose from {first} ({first_year}) to {last} ({last_year})."),
    "no_number_down": N_("A KPI that names no number: it fell from {first} ({first_year}) to {last} ({last_year})."),
    "no_number_flat": N_(
        "A KPI that names no number: {first} ({first_year}) and {last} ({last_year}) are the same in the "
        "digits published."
    ),
    "no_number_one": N_("A KPI that names no number; {last} ({last_year}) is the only value."),
    "no_number_stated": N_(
        "A KPI that names no number: {last} ({last_year}), {growth} on the year before, as the plan says."
    ),
    "no_number_none": N_("A KPI that names no number; no dated value is given."),
    "watched_up": N_("A KPI that only follows the value: it rose from {first} ({first_year}) to {last} ({last_year})."),
    "watched_down": N_(
        "A KPI that only follows the value: it fell from {first} ({first_year}) to {last} ({last_year})."
    ),
    "watched_flat": N_(
        "A KPI that only follows the value: {first} ({first_year}) and {last} ({last_year}) are the same "
        "in the digits published."
    ),
    "watched_one": N_("A KPI that only follows the value; {last} ({last_year}) is the only value."),
    "watched_stated": N_(
        "A KPI that only follows the value: {last} ({last_year}), {growth} on the year before, as the plan says."
    ),
    "watched_none": N_("A KPI that only follows the value; no dated value is given."),
    "no_target_up": N_("No target of its own: it rose from {first} ({first_year}) to {last} ({last_year})."),
    "no_target_down": N_("No target of its own: it fell from {first} ({first_year}) to {last} ({last_year})."),
    "no_target_flat": N_(
        "No target of its own: {first} ({first_year}) and {last} ({last_year}) are the same in the digits published."
    ),
    "no_target_one": N_("No target of its own; {last} ({last_year}) is the only value."),
    "no_target_stated": N_(
        "No target of its own: {last} ({last_year}), {growth} on the year before, as the plan says."
    ),
    "no_target_none": N_("No target of its own; no dated value is given."),
}
